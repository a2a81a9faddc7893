// The text of a NodePath is taken apart as the engines do it; rows named node_path_ in values.txt hold their answers.
import { describe, expect, it } from 'vitest'
import { NodePath, varToBytes } from '../../src/variant/index.js'
import { codeFrom } from './code-of.js'
import { toHex } from './hex.js'
import { readVectors } from './read-vectors.js'

/** The text in `^"a/b"` or `NodePath("a/b")`; rows whose text is computed have none. */
const PLAIN = /^(?:\^|NodePath\()"([^"\\]*)"\)?$/

const rows = ([4, 3] as const).flatMap((version) =>
  readVectors(version, 'values')
    .filter(([name, source]) => name!.startsWith('node_path_') && PLAIN.test(source!))
    .map(([, source, hex]) => ({ version, text: PLAIN.exec(source!)![1]!, hex })),
)

describe('NodePath', () => {
  it('has rows enough', () => {
    expect(rows.length).toBeGreaterThan(40)
  })

  it.each(rows)('Godot $version takes "$text" apart', ({ version, text, hex }) => {
    expect(toHex(varToBytes(new NodePath(text), { version }))).toBe(hex)
  })

  it.each(rows)('"$text" says the same once it was read ($version)', ({ version, text }) => {
    const path = new NodePath(text)
    expect(toHex(varToBytes(new NodePath(path.toString()), { version }))).toBe(toHex(varToBytes(path, { version })))
  })

  it('does what its example says', () => {
    const path = new NodePath('/root/Player:position:x')
    expect(path.names).toEqual(['root', 'Player'])
    expect(path.subnames).toEqual(['position', 'x'])
    expect(path.absolute).toBe(true)
  })

  // Both engines log "Invalid NodePath" for each of these and make the empty path of it.
  it.each(['::', 'a::b', '/::', 'a:::b', 'a::'])('refuses "%s"', (text) => {
    expect(codeFrom(() => new NodePath(text))).toBe('VARIANT_BAD_NODE_PATH_TEXT')
  })

  it('holds parts that no text can say', () => {
    const path = new NodePath(['a/b', ''], ['c:d'], false)
    expect([path.names, path.subnames, path.absolute]).toEqual([['a/b', ''], ['c:d'], false])
  })

  it('is empty by default', () => {
    const path = new NodePath()
    expect([path.names, path.subnames, path.absolute, path.toString()]).toEqual([[], [], false, ''])
  })
})
