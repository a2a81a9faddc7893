/** The page that `npm run build` makes: one file beside the built package. */
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { inspectError } from '../errors.js'

/** Where this code lies; a CommonJS build has `__dirname` and no `import.meta`. */
const HERE = typeof __dirname === 'string' ? __dirname : dirname(fileURLToPath(import.meta.url))

const NAME = 'inspector.html'

/** Built, it lies beside this file; run from source, in `dist`. */
const PLACES = [join(HERE, NAME), join(HERE, '..', '..', '..', 'dist', NAME)]

/** @throws `INSPECT_NO_PAGE` */
export function pageFile(places: readonly string[] = PLACES): Buffer {
  const path = places.find((place) => existsSync(place))
  if (path === undefined) throw inspectError('INSPECT_NO_PAGE', { path: places[0] })
  return readFileSync(path)
}

/** Where the documentation lies that the page links to: in the package, beside the folder of the build. */
export function docsFile(): Buffer | undefined {
  const path = [join(HERE, '..', 'docs'), join(HERE, '..', '..', '..', 'docs')]
    .map((folder) => join(folder, 'error-codes.md'))
    .find((place) => existsSync(place))
  return path === undefined ? undefined : readFileSync(path)
}
