/** What takes longer than this comes no more, on however slow a machine. */
const PATIENCE_MS = 20_000

/** Waits for what becomes true by itself; says what it was where it never does. */
export async function until(what: () => boolean, ms = PATIENCE_MS): Promise<void> {
  const end = performance.now() + ms
  while (!what()) {
    if (performance.now() > end) throw new Error(`waited in vain for ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 2))
  }
}
