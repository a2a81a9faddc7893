// Every sample in docs/cli.md, run as it stands there.
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { makeProgram, type Program } from './program.js'

let program: Program
beforeAll(async () => {
  program = await makeProgram()
})
afterAll(() => program?.remove())

const text = readFileSync(fileURLToPath(new URL('../../docs/cli.md', import.meta.url)), 'utf8')
const blocks = [...text.matchAll(/^```console\n([\s\S]*?)^```$/gm)].map(([, block = '']) => block)

/** The commands of a block, each with what it prints. */
function samples(block: string): { command: string; output: string }[] {
  return block
    .split(/^\$ /m)
    .slice(1)
    .map((sample) => {
      const [command = '', ...output] = sample.split('\n')
      return { command, output: output.join('\n') }
    })
}

/** Whether it was printed; `…` stands for anything, and for any lines where it is alone on one. */
function matches(printed: string, expected: string): boolean {
  const pattern = expected
    .split(/^…\n/m)
    .map((part) =>
      part
        .split('…')
        .map((piece) => piece.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'))
        .join('[^\\n]*'),
    )
    .join('[\\s\\S]*')
  return new RegExp(`^${pattern}$`).test(printed)
}

it('has samples for every command', () => {
  const lines = blocks.flatMap(samples).map(({ command }) => command)
  expect(lines.length).toBeGreaterThan(15)
  for (const name of ['decode', 'encode', 'diff', 'bench', 'demo']) {
    expect(lines.filter((line) => line.includes(`godot-wire ${name}`)).length, name).toBeGreaterThan(0)
  }
})

it('is what the program prints', async () => {
  // One after the other: later ones read the files of earlier ones, and ask for the code of the one before.
  let code: number | null = 0
  for (const { command, output } of blocks.flatMap(samples)) {
    if (command === 'echo $?') {
      expect(`${code}\n`).toBe(output)
      continue
    }
    const ran = await program.shell(`{ ${command}; } 2>&1`)
    code = ran.code
    if (!matches(ran.stdout, output)) expect(ran.stdout, command).toBe(output)
  }
}, 60_000)

it('sees what is not printed', () => {
  expect(matches('5\n', '6\n')).toBe(false)
  expect(matches('5\n6\n', '5\n')).toBe(false)
  expect(matches('a 12 b\n', 'a … c\n')).toBe(false)
  expect(matches('a 12 b\nx\ny\n', 'a … b\n…\n')).toBe(true)
})
