// The examples in docstrings, as an editor shows them to whoever has installed the package: they fit its types, and where a
// line says what it gives, in a comment behind it, it does. `console.log(x) // text` says what it prints.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Consumer, makeConsumer, strictProgram } from './consumer.js'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const { exports } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { exports: object }
const DOORS = Object.keys(exports)
  // Nobody types what compiled shapes import.
  .filter((path) => path !== './package.json' && path !== './compiled')
  .map((path) => path.replace(/^\./, 'godot-wire'))

/** What examples take for granted, by name. */
const GIVEN: Readonly<Record<string, string>> = {
  // These can be had here.
  handle: 'const handle = (value: unknown): unknown => value',
  sockets: 'const sockets: { send(bytes: Uint8Array): void }[] = []',
  writeFileSync: "import { writeFileSync } from 'node:fs'",
  // These belong to the reader's program, and an example that needs one is not run.
  app: 'declare const app: { post(path: string, handler: (request: any, response: any) => Promise<void>): void }',
  bytes: 'declare const bytes: Uint8Array',
  error: 'declare const error: unknown',
  frames: "declare const frames: import('godot-wire/inspect').CapturedFrame[]",
  id: 'declare const id: bigint',
  messenger: "declare const messenger: import('godot-wire').Messenger",
  p2p: "declare const p2p: import('godot-wire').P2P",
  packet: 'declare const packet: Uint8Array',
  reader: "declare const reader: import('godot-wire').VarReader",
  socket: `declare const socket: AsyncIterable<Uint8Array> & {
    on(event: 'data', listener: (chunk: Uint8Array) => void): void
    onmessage: (event: { data: ArrayBuffer }) => void
    send(bytes: Uint8Array): void
    write(bytes: Uint8Array): void
  }`,
  state: 'declare const state: { hp: number }',
  steamId: 'declare const steamId: bigint',
  token: 'declare const token: string',
  transport: "declare const transport: import('godot-wire/transport/relay').RelayTransport",
  verifySteamTicket: 'declare const verifySteamTicket: (ticket: string) => Promise<bigint>',
}

/** `p2p` and `id` are two friends; test/p2p/samples.test.ts makes them, and runs what is said of them. */
const RUN_ELSEWHERE = ['p2p', 'id']

interface Example {
  /** The door, and whose docstring it is. */
  readonly name: string
  readonly code: string
}

let consumer: Consumer
let program: ts.Program
let checker: ts.TypeChecker
beforeAll(async () => {
  consumer = await makeConsumer()
  program = strictProgram(
    consumer,
    DOORS.map((door, i) => consumer.write(`door-${i}.ts`, `export * from '${door}'`)),
  )
  checker = program.getTypeChecker()
}, 120_000)
afterAll(() => consumer?.remove())

/** What a door gives away, by the name that it has there. */
function exportsOf(door: string): [name: string, symbol: ts.Symbol][] {
  const file = program.getSourceFile(join(consumer.folder, `door-${DOORS.indexOf(door)}.ts`))!
  return checker.getExportsOfModule(checker.getSymbolAtLocation(file)!).map((symbol) => {
    return [symbol.name, symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol]
  })
}

function examplesOf(symbol: ts.Symbol): string[] {
  const tags = symbol.getJsDocTags(checker).filter(({ name }) => name === 'example')
  return tags.map(({ text }) => /```ts\n([\s\S]*?)```/.exec(ts.displayPartsToString(text))?.[1] ?? '')
}

/** All examples of all doors; what several doors have comes once. */
function allExamples(): Example[] {
  const found = new Map<string, Example>()
  for (const door of DOORS) {
    for (const [exported, symbol] of exportsOf(door)) {
      const members = [...(symbol.members?.values() ?? []), ...(symbol.exports?.values() ?? [])]
      for (const each of [symbol, ...members]) {
        const name = each === symbol ? `${door}: ${exported}` : `${door}: ${exported}.${each.name}`
        for (const code of examplesOf(each)) if (!found.has(code)) found.set(code, { name, code })
      }
    }
  }
  return [...found.values()]
}

const parsed = (code: string) => ts.createSourceFile('example.ts', code, ts.ScriptTarget.ES2022, true)

function everyNode(node: ts.Node, visit: (node: ts.Node) => void): void {
  visit(node)
  node.forEachChild((child) => everyNode(child, visit))
}

/** The names that a text uses and that are not its own, globals among them. */
function freeNames(code: string): Set<string> {
  const file = parsed(`${code}\nexport {}`)
  const options: ts.CompilerOptions = { noLib: true, noResolve: true, types: [] }
  const host = { ...ts.createCompilerHost(options), getSourceFile: () => file }
  const own = ts.createProgram([file.fileName], options, host).getTypeChecker()
  const free = new Set<string>()
  everyNode(file, (node) => {
    if (!ts.isIdentifier(node)) return
    const { parent } = node
    const isMember = ts.isPropertyAccessExpression(parent) && parent.name === node
    const isShort = ts.isShorthandPropertyAssignment(parent)
    const symbol = isShort ? own.getShorthandAssignmentValueSymbol(parent) : own.getSymbolAtLocation(node)
    // A type that is not there has a symbol too, which nothing declares.
    if (!isMember && symbol?.declarations === undefined) free.add(node.text)
  })
  return free
}

/** What has to stand in front of an example: imports of what it uses, and what is given. */
function preludeOf(code: string): string {
  const free = freeNames(code)
  const given = Object.keys(GIVEN).filter((name) => free.has(name))
  const lines = given.map((name) => GIVEN[name]!)
  for (const door of DOORS) {
    const names = exportsOf(door).flatMap(([name]) => (free.delete(name) ? [name] : []))
    if (names.length > 0) lines.push(`import { ${names.join(', ')} } from '${door}'`)
  }
  return lines.join('\n')
}

interface Claim {
  readonly statement: ts.ExpressionStatement
  /** What the comment behind it says. */
  readonly says: string
}

function claimsIn(code: string): Claim[] {
  const claims: Claim[] = []
  everyNode(parsed(code), (statement) => {
    if (!ts.isExpressionStatement(statement)) return
    const [comment] = ts.getTrailingCommentRanges(code, statement.end) ?? []
    if (comment) claims.push({ statement, says: code.slice(comment.pos + 2, comment.end).trim() })
  })
  return claims
}

/** `console.log(1, 2)`: its arguments; undefined for anything else. */
function printed({ expression }: ts.ExpressionStatement): string | undefined {
  if (!ts.isCallExpression(expression) || !/^console\.\w+$/.test(expression.expression.getText())) return undefined
  return expression.arguments.map((argument) => argument.getText()).join(', ')
}

/** The example with its claims as calls: `same(0, () => actual, () => expected)`. */
function checkedCode(code: string): string {
  const claims = claimsIn(code)
  let text = code
  for (const [i, { statement, says }] of [...claims.entries()].reverse()) {
    const args = printed(statement)
    const [actual, expected] =
      args === undefined ? [statement.expression.getText(), says] : [`format(${args})`, JSON.stringify(says)]
    const call = `await same(${i}, async () => (${actual}), () => (${expected}))`
    text = text.slice(0, statement.getStart()) + call + text.slice(statement.end)
  }
  return text
}

/** Whether all that it needs can be had here. */
function isSelfContained(code: string): boolean {
  return ![...freeNames(code)].some((name) => GIVEN[name]?.startsWith('declare'))
}

function isRunElsewhere(code: string): boolean {
  const free = freeNames(code)
  return RUN_ELSEWHERE.some((name) => free.has(name))
}

/** A module that checks the claims of an example: each must have been come by. */
function moduleOf({ code }: Example): string {
  const text = checkedCode(code)
  const frame = `
    import { deepStrictEqual } from 'node:assert/strict'
    import { format } from 'node:util'
    const seen = new Set()
    const same = async (i, actual, expected) => {
      seen.add(i)
      deepStrictEqual(await actual(), expected())
    }`
  const end = `deepStrictEqual([...seen].sort(), [${claimsIn(code).map((_, i) => i)}].sort(), 'a line was not come by')`
  return [preludeOf(text), frame, text, end].join('\n')
}

/** Runs modules one behind the other, in one process; what was wrong with which. */
async function failuresOf(examples: readonly Example[]): Promise<string[]> {
  for (const [i, example] of examples.entries()) {
    const { outputText } = ts.transpileModule(moduleOf(example), {
      compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext },
    })
    consumer.write(`example-${i}.mjs`, outputText)
  }
  const driver = `
    const failures = []
    for (let i = 0; i < ${examples.length}; i++) {
      try { await import('./example-' + i + '.mjs') } catch (error) { failures.push([i, String(error)]) }
    }
    console.log('\\n' + JSON.stringify(failures))`
  const said = await consumer.node('examples.mjs', driver)
  const failures = JSON.parse(said.trim().split('\n').at(-1)!) as [number, string][]
  return failures.map(([i, error]) => `${examples[i]!.name}: ${error}`)
}

describe('the examples of docstrings', () => {
  it('are there for every class and every function of every door, but that of what is generated', async () => {
    const script = `
      const doors = ${JSON.stringify(DOORS)}
      const callable = async (door) => Object.entries(await import(door)).filter(([, it]) => typeof it === 'function')
      console.log(JSON.stringify(await Promise.all(doors.map(async (door) => (await callable(door)).map(([name]) => name)))))`
    const callable = JSON.parse(await consumer.node('callable.mjs', script)) as string[][]
    const missing = DOORS.flatMap((door, i) =>
      exportsOf(door)
        // The guards are constants, which one example of VariantGuard is for.
        .filter(([, { flags }]) => (flags & (ts.SymbolFlags.Class | ts.SymbolFlags.Function)) !== 0)
        .filter(([name, symbol]) => callable[i]!.includes(name) && examplesOf(symbol).length === 0)
        .map(([name]) => `${door}: ${name}`),
    )
    expect(callable.flat().length).toBeGreaterThan(100)
    expect(missing).toEqual([])
  })

  it('fit the types', () => {
    const examples = allExamples()
    expect(examples.length).toBeGreaterThan(110)
    const modules = examples.map(({ code }, i) =>
      consumer.write(`types-${i}.ts`, `${preludeOf(code)}\n${code}\nexport {}`),
    )
    const typed = strictProgram(consumer, modules)
    const problems = examples.flatMap(({ name }, i) =>
      ts
        .getPreEmitDiagnostics(typed, typed.getSourceFile(modules[i]!))
        .map(({ messageText }) => `${name}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`),
    )
    expect(problems).toEqual([])
  }, 120_000)

  it('are TypeScript in a fence, and take nothing for granted that is not needed', () => {
    const examples = allExamples()
    expect(examples.filter(({ code }) => code === '').map(({ name }) => name)).toEqual([])
    const needed = new Set(examples.flatMap(({ code }) => [...freeNames(code)]))
    expect(Object.keys(GIVEN).filter((name) => !needed.has(name))).toEqual([])
  })

  it('give what their lines say', async () => {
    const examples = allExamples().filter(({ code }) => claimsIn(code).length > 0 && !isRunElsewhere(code))
    expect(examples.filter(({ code }) => !isSelfContained(code)).map(({ name }) => name)).toEqual([])
    expect(examples.length).toBeGreaterThan(75)
    expect(await failuresOf(examples)).toEqual([])
  })
})
