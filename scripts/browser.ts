// Finds the Chromium that the browser test drives. It is Debian's: `apt-get install chromium`.
import { onPath } from './on-path.js'

const COMMANDS = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']

/** Path of a Chromium: what CHROMIUM names, else the first of these on the PATH; undefined when there is none. */
export function findBrowser(): string | undefined {
  return process.env['CHROMIUM'] || COMMANDS.map(onPath).find((file) => file !== undefined)
}

/** For a browser that may touch nothing but this machine: no sandbox (root), no GPU, no calls home. */
export const BROWSER_ARGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]
