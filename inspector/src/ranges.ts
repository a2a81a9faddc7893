/** Finding one's way in a tree of byte ranges. */
import type { ByteRange } from '../../src/variant/index.js'

/** The ranges around a byte, outermost first. */
export function pathTo(root: ByteRange, offset: number): ByteRange[] {
  const path: ByteRange[] = []
  for (let at: ByteRange | undefined = root; at; at = childAt(at, offset)) path.push(at)
  return path
}

/** Children lie side by side, those without bytes among them: the last one that begins there and has the byte. */
function childAt({ children }: ByteRange, offset: number): ByteRange | undefined {
  let [low, high] = [0, children.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (children[middle]!.end > offset) high = middle
    else low = middle + 1
  }
  const found = children[low]
  return found && found.start <= offset && offset < found.end ? found : undefined
}

/** What colours a byte. */
export function kindOf(range: ByteRange): string {
  if (range.error) return 'error'
  const { label } = range
  if (/header|^type$|^kind$/.test(label)) return 'header'
  if (/length|count|total|sequence|destination|source/.test(label)) return 'count'
  if (/text$/.test(label)) return 'text'
  return /padding|behind|more/.test(label) ? 'padding' : 'value'
}

/** The first range that has an error, with all around it. */
export function pathToError(root: ByteRange): ByteRange[] | undefined {
  if (root.error) return [root]
  // Errors are at the end of what was begun.
  for (let i = root.children.length - 1; i >= 0; i--) {
    const inner = pathToError(root.children[i]!)
    if (inner) return [root, ...inner]
  }
  return undefined
}
