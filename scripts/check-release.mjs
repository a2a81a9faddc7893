// node scripts/check-release.mjs v1.2.3: whether the tag, package.json, the lock file and CHANGELOG.md speak of one version.
import { readFileSync } from 'node:fs'

const read = (path) => readFileSync(new URL(`../${path}`, import.meta.url), 'utf8')
const tag = process.argv[2] ?? ''
const { version } = JSON.parse(read('package.json'))
const lock = JSON.parse(read('package-lock.json'))

const faults = []
if (tag !== `v${version}`) faults.push(`the tag is ${tag || 'missing'}, package.json says ${version}`)
if (lock.version !== version) faults.push(`package-lock.json says ${lock.version}, package.json ${version}`)
if (!new RegExp(`^## ${version.replaceAll('.', '\\.')}, \\d{4}-\\d{2}-\\d{2}$`, 'm').test(read('CHANGELOG.md'))) {
  faults.push(`CHANGELOG.md has no heading "## ${version}, <date>"`)
}
for (const fault of faults) console.error(fault)
process.exitCode = faults.length > 0 ? 1 : 0
if (faults.length === 0) console.log(`${tag} can be released`)
