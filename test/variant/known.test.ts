// What the codec remembers is bounded, cannot be turned against it, and holds on to nothing that it was given.
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { describe, expect, it } from 'vitest'
import { Decoder } from '../../src/variant/decoder.js'
import { bytesToVar, Dictionary, StringName, VariantDecoder, varToBytes } from '../../src/variant/index.js'
import { KeyTree } from '../../src/variant/key-tree.js'
import { TextCache } from '../../src/variant/text-cache.js'
import { TextPlace } from '../../src/variant/text-place.js'
import { KnownText } from '../../src/variant/values/index.js'

/** The String as it is on the wire, as `TextCache.find` wants it. */
function find(cache: TextCache, text: string): KnownText | undefined {
  const bytes = varToBytes(text)
  return cache.find(bytes, new DataView(bytes.buffer, bytes.byteOffset, bytes.length), 0, text.length)
}

describe('the texts that came before', () => {
  it('are known from the second time on', () => {
    const cache = new TextCache()
    expect(find(cache, 'position')).toBe(undefined)
    const known = find(cache, 'position')
    expect(known?.text).toBe('position')
    expect(find(cache, 'position')).toBe(known)
    expect(find(cache, 'positioN')).toBe(undefined)
  })

  it('are not those that are long, and not those with other characters', () => {
    const cache = new TextCache()
    for (let i = 0; i < 3; i++) {
      expect(find(cache, 'k'.repeat(65))).toBe(undefined)
      expect(find(cache, 'größe')).toBe(undefined)
    }
    expect(cache.learned).toBe(0)
  })

  it('are seldom learned where texts come twice and never again', () => {
    const cache = new TextCache()
    const count = 100_000
    for (let i = 0; i < count; i++) for (let twice = 0; twice < 2; twice++) find(cache, `text number ${i}`)
    expect(cache.learned).toBeGreaterThan(1000)
    expect(cache.learned).toBeLessThan(count / 8)
    // The patience ends: what comes again and again is known at last.
    let tries = 0
    while (find(cache, 'position') === undefined && tries < 300) tries++
    expect(tries).toBeLessThan(300)
  })

  it('stay while they are used, whatever else comes', () => {
    const cache = new TextCache()
    find(cache, 'position')
    const known = find(cache, 'position')
    for (let i = 0; i < 20_000; i++) {
      for (let twice = 0; twice < 2; twice++) find(cache, `text number ${i}`)
      expect(find(cache, 'position')).toBe(known)
    }
  })
})

describe('a place that texts come from', () => {
  const texts = ['player_1', 'player_2', 'run'].map((text) => KnownText.of(text)!)
  const [first, second] = texts as [KnownText, KnownText]

  it('takes for usual what came twice in a row, and keeps it until something else did', () => {
    const place = new TextPlace()
    place.meet(first)
    expect(place.usual).toBe(undefined)
    place.meet(first)
    expect(place.usual).toBe(first)
    place.meet(second)
    expect(place.usual).toBe(first)
    place.meet(second)
    expect(place.usual).toBe(second)
  })

  it('has nothing usual where each text is another one', () => {
    const place = new TextPlace()
    for (let i = 0; i < 10; i++) place.meet(texts[i % 3]!)
    expect(place.usual).toBe(undefined)
  })

  it('finds only the text itself', () => {
    const others = ['player_1', 'player_2', 'Player_1', 'player_', 'player_11', 'xxxxxxx1', '', 'p'.repeat(64)]
    for (const text of others) {
      const bytes = new Uint8Array(128)
      bytes.set(varToBytes(text))
      expect(first.isStringAt(new DataView(bytes.buffer), 0)).toBe(text === 'player_1')
    }
  })
})

describe('the keys that came before', () => {
  const key = (text: string) => KnownText.of(text)!

  it('are one way for Dictionaries that begin alike', () => {
    const tree = new KeyTree()
    const [id, pos, hp] = [key('id'), key('pos'), key('hp')]
    const first = tree.first(id, false)
    expect(tree.first(key('id'), false)).toBe(first)
    const short = tree.grow(first, pos, false)!
    const long = tree.grow(short, hp, false)!
    const other = tree.grow(first, hp, false)!
    expect(long.list.known).toEqual([id, pos, hp])
    expect(other.list.known).toEqual([id, hp])
    expect(long.list).toBe(long.list)
    expect([first.next, first.others]).toEqual([other, [short]])
    first.prefer(short)
    expect([first.next, first.others]).toEqual([short, [other]])
  })

  it('are no way where a key comes twice', () => {
    const tree = new KeyTree()
    const step = tree.grow(tree.first(key('id'), false), key('pos'), false)!
    expect(tree.grow(step, key('id'), false)).toBe(undefined)
    expect(tree.grow(step, key('pos'), false)).toBe(undefined)
  })

  it('go on in a few ways from each', () => {
    const tree = new KeyTree()
    const first = tree.first(key('id'), false)
    for (let i = 0; i < 50; i++) tree.grow(first, key(`k${i}`), false)
    expect(first.next?.known.text).toBe('k49')
    expect(first.others.map(({ known }) => known.text)).toEqual(['k48', 'k47', 'k46'])
  })

  it('are forgotten all at once where they are too many', () => {
    const tree = new KeyTree()
    const first = tree.first(key('id'), false)
    for (let i = 0; i < 2000; i++) tree.grow(first, key(`k${i}`), false)
    expect(tree.first(key('id'), false)).toBe(first)
    for (let i = 0; i < 100; i++) tree.grow(first, key(`l${i}`), false)
    expect(tree.latest).toBe(undefined)
    expect(tree.first(key('id'), false)).not.toBe(first)
  })
})

describe('what is under a key that had a text', () => {
  const decoder = new VariantDecoder({ dictionaryAs: 'object' })
  const values = [
    'run',
    'run',
    'run',
    'ruN',
    'sprint',
    'run ',
    '',
    'run',
    'größe',
    new StringName('run'),
    3,
    null,
    ['run'],
    'run',
  ]

  it('is what the bytes say, whatever came before', () => {
    for (const last of values) {
      for (const anim of values) {
        const bytes = varToBytes({ anim, last })
        for (let twice = 0; twice < 2; twice++) {
          expect({ ...(decoder.decode(bytes) as object) }).toEqual({ anim, last })
          expect([...(bytesToVar(bytes) as Dictionary)]).toEqual([
            ['anim', anim],
            ['last', last],
          ])
        }
      }
    }
  })

  it('is not completed from what was there before where the bytes end', () => {
    const bytes = varToBytes({ id: 7, anim: 'sprinting' })
    for (let i = 0; i < 10; i++) decoder.decode(bytes)
    for (let end = 0; end < bytes.length; end++) {
      expect(decoder.safeDecode(bytes.subarray(0, end))).toMatchObject({ error: { code: 'VARIANT_TRUNCATED' } })
    }
    expect(decoder.decode(bytes)).toEqual({ id: 7, anim: 'sprinting' })
  })
})

describe('a text that comes but once', () => {
  it('is not learned, under a key as little as anywhere else', () => {
    const { texts } = new Decoder()
    const message = (text: string, i: number) => varToBytes({ chat: `${text} ${i}`, list: [`${text}, ${i}`] })
    for (let i = 0; i < 10; i++) bytesToVar(message('usual', 0))
    const before = texts.learned
    for (let i = 0; i < 500; i++) bytesToVar(message('only once', i))
    expect(texts.learned - before).toBeLessThan(5)
  })
})

describe('keys that mean something to JavaScript', () => {
  it('are keys like any other', () => {
    const keys = ['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'valueOf']
    const bytes = varToBytes(new Dictionary(keys.map((text, i) => [text, { polluted: i }] as const)))
    const decoder = new VariantDecoder({ dictionaryAs: 'object' })
    for (let i = 0; i < 5; i++) {
      const object = decoder.decode(bytes) as Record<string, { polluted: number }>
      expect(Object.keys(object)).toEqual(keys)
      expect(keys.map((text) => object[text]!.polluted)).toEqual([0, 1, 2, 3, 4])
      expect('polluted' in object).toBe(false)
      expect('polluted' in {}).toBe(false)
      const dictionary = bytesToVar(bytes) as Dictionary<string, Dictionary>
      expect([...dictionary.keys()]).toEqual(keys)
      expect(dictionary.get('__proto__')?.get('polluted')).toBe(0)
    }
  })
})

describe('the input', () => {
  it('is not held on to by what was read, or remembered', async () => {
    setFlagsFromString('--expose-gc')
    const collect = runInNewContext('gc') as () => void
    const decoder = new VariantDecoder()
    const held: unknown[] = []
    const inputs: WeakRef<ArrayBuffer>[] = []
    for (const filler of [10, 10_000]) {
      for (let i = 0; i < 4; i++) {
        const bytes = varToBytes({
          id: i,
          name: 'player',
          data: new Uint8Array(filler),
          list: ['a', 'b'],
          big: 'x'.repeat(99),
        })
        held.push(decoder.decode(bytes), bytesToVar(bytes))
        expect(() => decoder.decode(bytes.subarray(0, bytes.length - 8))).toThrow()
        inputs.push(new WeakRef(bytes.buffer as ArrayBuffer))
      }
    }
    for (let turn = 0; turn < 20 && inputs.some((input) => input.deref() !== undefined); turn++) {
      await new Promise((resolve) => setTimeout(resolve, 1))
      collect()
    }
    expect(inputs.map((input) => input.deref()?.byteLength)).toEqual(inputs.map(() => undefined))
    expect(held).toHaveLength(16)
  })
})
