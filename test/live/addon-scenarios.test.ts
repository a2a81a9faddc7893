// The scenarios in the GDScript of each engine: the same steps, the same answers. (In TypeScript: test/scenarios.)
import { expect, it } from 'vitest'
import { ENGINE_NAMES } from '../../scripts/engines.js'
import { SCENARIO_FILE, SCENARIOS } from '../scenarios/file.js'
import { engineErrors, makeProject, startScript } from './addon-project.js'
import { describeWith } from './with-engine.js'

for (const name of ENGINE_NAMES) {
  describeWith(name, 'the scenarios, in GDScript', (engine) => {
    it('end as they do in TypeScript', async () => {
      const project = makeProject(engine)
      try {
        const godot = startScript(engine, project, 'scenarios.gd', { file: SCENARIO_FILE })
        const code = await godot.exited
        const failed = godot.lines.filter((line) => line.startsWith('FAIL') || line.startsWith('   '))
        expect(failed).toEqual([])
        expect(godot.lines.filter((line) => line.startsWith('ok   ')).map((line) => line.slice(5))).toEqual(
          SCENARIOS.map((scenario) => scenario.name),
        )
        expect(engineErrors(godot)).toEqual([])
        expect(code).toBe(0)
      } finally {
        project.remove()
      }
    })
  })
}
