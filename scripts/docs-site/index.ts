// npm run docs: every public name of every door, and the documents, as a static site in site/, or in the folder that is
// named. A name that is linked and is not there, a link that leads nowhere or a door that the README does not know is an error.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Application, Comment, Converter, type ProjectReflection, ReflectionKind, TypeDocReader } from 'typedoc'
import { copyPages, doorsOf, titleOf } from './pages.js'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))

/** `transport/udp`, as TypeDoc calls the module behind a door, as users call it. */
function doorOf(module: string): string {
  const path = module.replace(/\/node$/, '').replace(/^variant\//, '')
  return path === 'index' ? 'godot-wire' : `godot-wire/${path}`
}

/** Gives modules the names of doors, and what the README says about them. */
function nameDoors(project: ProjectReflection): void {
  const doors = doorsOf(readFileSync(join(ROOT, 'README.md'), 'utf8'))
  for (const module of project.getChildrenByKind(ReflectionKind.Module)) {
    module.name = doorOf(module.name)
    const text = doors.get(module.name)
    if (text === undefined) throw new Error(`the README says nothing about ${module.name}`)
    module.comment = new Comment([{ kind: 'text', text: `${text}.` }])
  }
}

const { readme, documents } = copyPages(ROOT, join(ROOT, '.cache', 'docs-site'))
const [out = join(ROOT, 'site')] = process.argv.slice(2)
const settings = { options: join(ROOT, 'typedoc.json'), readme, projectDocuments: [...documents], out }
const app = await Application.bootstrapWithPlugins(settings, [new TypeDocReader()])
app.converter.on(Converter.EVENT_CREATE_DOCUMENT, (_, document) => {
  document.name = titleOf(document.content.map(({ text }) => text).join(''))
})
app.converter.on(Converter.EVENT_RESOLVE_BEGIN, ({ project }) => nameDoors(project))

const project = await app.convert()
if (project) {
  app.validate(project)
  await app.generateOutputs(project)
}
const { errorCount, warningCount } = app.logger
if (!project || errorCount + warningCount > 0) process.exitCode = 1
