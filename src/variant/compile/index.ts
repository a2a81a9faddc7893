export { type CompileOptions, compileShapes } from './module.js'
