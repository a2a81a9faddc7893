export { MemoryNetwork, type MemoryNetworkOptions } from './network.js'
