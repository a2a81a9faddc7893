/** What takes longer than this comes no more, on however slow a machine. */
const PATIENCE_MS = 20_000

/** Waits for what becomes true by itself; says what it was where it never does. */
export function until(what: () => boolean, ms = PATIENCE_MS): Promise<void> {
  return turnUntil(String(what), what, ms)
}

/** Runs `turn` again and again until it says that it is done. */
export async function turnUntil(what: string, turn: () => boolean, ms = PATIENCE_MS): Promise<void> {
  const end = performance.now() + ms
  while (!turn()) {
    if (performance.now() > end) throw new Error(`waited in vain for ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 1))
  }
}
