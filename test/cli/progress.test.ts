// The bar: for work that takes long, on a terminal, and gone when it is done.
import { spawn } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ProgressBar } from '../../src/cli/node/progress.js'
import { putVar } from '../../src/variant/index.js'
import { makeProgram, type Program } from './program.js'

function barOn(screen: { isTTY?: boolean; columns?: number }) {
  const written: string[] = []
  let now = 0
  const bar = new ProgressBar({ ...screen, write: (text) => void written.push(text) }, () => now)
  const wait = (ms: number) => {
    now += ms
  }
  return { bar, written, wait }
}

const CLEAR = '\r\x1b[2K'

describe('the bar', () => {
  it('is drawn once work takes long, ten times a second, and taken away at the end', () => {
    const { bar, written, wait } = barOn({ isTTY: true })
    bar.show(0, 'frames')
    wait(200)
    bar.show(0.2, 'frames')
    expect(written).toEqual([])
    wait(100)
    bar.show(0.5, 'frames')
    expect(written).toEqual([`${CLEAR}[${'#'.repeat(15)}${'.'.repeat(15)}]  50 % frames`])
    wait(99)
    bar.show(0.6, 'frames')
    expect(written).toHaveLength(1)
    wait(1)
    bar.show(0.999, 'frames')
    expect(written[1]).toBe(`${CLEAR}[${'#'.repeat(29)}.]  99 % frames`)
    bar.show(1, '')
    expect(written.slice(2)).toEqual([CLEAR])
    // The next work is new: it may be quick.
    bar.show(0.1, 'values')
    bar.show(1, '')
    expect(written).toHaveLength(3)
  })

  it('makes room for other output, and fits a narrow window', () => {
    const { bar, written, wait } = barOn({ isTTY: true, columns: 30 })
    bar.show(0, 'x')
    wait(300)
    bar.show(0.5, 'x')
    bar.hide()
    bar.hide()
    expect(written).toEqual([`${CLEAR}[#####.....]  50 % x`, CLEAR])
  })

  it('is nowhere where nobody looks', () => {
    const { bar, written, wait } = barOn({})
    bar.show(0, 'x')
    wait(10_000)
    bar.show(0.5, 'x')
    bar.hide()
    bar.show(1, 'x')
    expect(written).toEqual([])
  })
})

/** What a person sees who types the line: the program has a terminal of its own, made by `script` of util-linux. */
describe.runIf(process.platform === 'linux')('on a terminal', () => {
  let program: Program
  beforeAll(async () => {
    program = await makeProgram()
  })
  afterAll(() => program?.remove())

  function typed(line: string, env: Record<string, string> = {}): Promise<string> {
    const path = `${join(program.folder, 'bin')}:${process.env['PATH']}`
    const all = { ...process.env, PATH: path, TERM: 'xterm', NO_COLOR: '', FORCE_COLOR: '', ...env }
    const child = spawn('script', ['-qec', line, '/dev/null'], { cwd: program.folder, env: all, timeout: 20_000 })
    let screen = ''
    child.stdout.setEncoding('utf8').on('data', (text) => {
      screen += text
    })
    child.stdin.end()
    return new Promise((resolve, reject) => child.once('error', reject).once('close', () => resolve(screen)))
  }

  it('bench shows how far it is, and leaves nothing of it', async () => {
    const screen = await typed('godot-wire bench -q --ms 400 0200000005000000')
    expect(screen).toMatch(/\[#+\.+\] +\d+ % (decode|encode|gzip|gunzip)/)
    // What is behind the last time that the line was cleared is the table alone.
    expect(screen.slice(screen.lastIndexOf(CLEAR))).toContain('8 bytes, ')
    expect(screen.slice(screen.lastIndexOf(CLEAR))).not.toContain('%')
  })

  it('a long file whose values go elsewhere shows it, one that scrolls by does not', async () => {
    const frames = putVar({ text: 'x'.repeat(100), many: [1, 2, 3] })
    writeFileSync(join(program.folder, 'many.bin'), Buffer.concat(Array.from({ length: 150_000 }, () => frames)))
    const line = 'godot-wire decode -q --godot 4 --framing put_var @many.bin'
    expect(await typed(`${line} > many.txt`)).toMatch(/\[#*\.+\] +\d+ % (reading|values)/)
    expect(await typed(`${line} | tail -n 1`)).not.toContain('x'.repeat(100))
    expect(await typed(line)).not.toContain('% values')
  })

  it('colours what it prints, unless it is told not to', async () => {
    const sequence = '\x1b['
    const line = 'godot-wire decode -a -q 0200000005000000'
    expect(await typed(line)).toContain(sequence)
    expect(await typed(`${line} --no-color`)).not.toContain(sequence)
    expect(await typed(line.replace('decode', '--no-color decode'))).toContain('value: 5')
    expect(await typed(line.replace('decode', '--no-color decode'))).not.toContain(sequence)
    expect(await typed(line, { NO_COLOR: '1' })).not.toContain(sequence)
    expect(await typed(line, { TERM: 'dumb' })).not.toContain(sequence)
    expect(await typed(`${line} | cat`)).not.toContain(sequence)
    expect(await typed('godot-wire decode nonsense!')).toContain(`${sequence}31mgodot-wire:`)
    expect(await typed('godot-wire decode nonsense! --no-color')).not.toContain(sequence)
  })
})
