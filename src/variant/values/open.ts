/** Godot's `str()` shows as many levels. Bytes can nest values deeper than the stack of a browser reaches here. */
const DEEPEST = 100

/**
 * The containers that are being shown right now, from the outermost in. One for all calls: a container inside a container
 * is shown by a call of its own, and Node's inspect lies between the two.
 */
const open = new Set<object>()

/** Shows what is in a container, or `instead` where it contains itself or lies too deep to go on. */
export function shownOnce<T>(container: object, show: () => T, instead: T): T {
  if (open.has(container) || open.size > DEEPEST) return instead
  open.add(container)
  try {
    return show()
  } finally {
    open.delete(container)
  }
}

/** Whether a container is being shown, so that it would contain itself if it were shown again. */
export function isOpen(container: object): boolean {
  return open.has(container)
}
