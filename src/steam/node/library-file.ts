// What a library file is for, from its first bytes: the loader of the system says it less clearly, or not at all.
import { closeSync, fstatSync, openSync, readSync } from 'node:fs'

/** Systems and processors in Node's words; several where a file holds more than one. */
export interface LibraryTarget {
  readonly platform: string
  readonly architectures: readonly string[]
}

/** Enough for the header of a Windows file, which begins somewhere behind a small DOS program. */
const HEADER_SIZE = 4096

const ELF_MACHINES: Readonly<Record<number, string>> = { 3: 'ia32', 62: 'x64', 183: 'arm64', 40: 'arm' }
const PE_MACHINES: Readonly<Record<number, string>> = { 332: 'ia32', 34404: 'x64', 43620: 'arm64' }
const MACH_CPUS: Readonly<Record<number, string>> = { 7: 'ia32', 16777223: 'x64', 16777228: 'arm64' }

const MACH_64 = 0xfeedfacf
const MACH_32 = 0xfeedface
const MACH_FAT = 0xcafebabe
/** More processors than this are in no file. */
const MAX_FAT = 16

/** Undefined where the bytes are no library of a system that Steam knows. */
export function libraryTarget(header: Uint8Array): LibraryTarget | undefined {
  const view = new DataView(header.buffer, header.byteOffset, header.byteLength)
  if (header.length < 64) return undefined
  if (view.getUint32(0) === 0x7f454c46) return target('linux', [ELF_MACHINES[view.getUint16(18, true)]])
  if (view.getUint16(0) === 0x4d5a) return windowsTarget(view)
  const magic = view.getUint32(0, true)
  if (magic === MACH_64 || magic === MACH_32) return target('darwin', [MACH_CPUS[view.getUint32(4, true)]])
  if (view.getUint32(0) === MACH_FAT) return fatTarget(view)
  return undefined
}

/** The program headers of a library of 64 bits: their number and size, and which of them are loaded into memory. */
const ELF_PROGRAM = { at: 32, entrySize: 54, count: 56, load: 1, offset: 8, length: 32 } as const

/**
 * Whether a Linux library ends before the bytes that are to be loaded. The system's loader would map what is not there,
 * and touching that ends the process; loaders of other systems refuse it.
 */
export function isCutShort(header: Uint8Array, fileSize: number): boolean {
  const view = new DataView(header.buffer, header.byteOffset, header.byteLength)
  if (header.length < 64 || view.getUint32(0) !== 0x7f454c46 || view.getUint8(4) !== 2) return false
  const size = view.getUint16(ELF_PROGRAM.entrySize, true)
  const start = Number(view.getBigUint64(ELF_PROGRAM.at, true))
  const count = view.getUint16(ELF_PROGRAM.count, true)
  if (size < 56 || start + size * count > header.length) return true
  for (let at = start; at < start + size * count; at += size) {
    if (view.getUint32(at, true) !== ELF_PROGRAM.load) continue
    const offset = view.getBigUint64(at + ELF_PROGRAM.offset, true)
    if (offset + view.getBigUint64(at + ELF_PROGRAM.length, true) > BigInt(fileSize)) return true
  }
  return false
}

/** The first bytes of a file and its size. @throws where it cannot be read. */
export function readHeader(path: string): { readonly header: Uint8Array; readonly fileSize: number } {
  const file = openSync(path, 'r')
  try {
    const header = new Uint8Array(HEADER_SIZE)
    const length = readSync(file, header, 0, HEADER_SIZE, 0)
    return { header: header.subarray(0, length), fileSize: fstatSync(file).size }
  } finally {
    closeSync(file)
  }
}

function target(platform: string, architectures: readonly (string | undefined)[]): LibraryTarget {
  return { platform, architectures: architectures.map((one) => one ?? 'an unknown processor') }
}

function windowsTarget(view: DataView): LibraryTarget | undefined {
  const at = view.getUint32(60, true)
  if (at + 6 > view.byteLength || view.getUint32(at) !== 0x50450000) return undefined
  return target('win32', [PE_MACHINES[view.getUint16(at + 4, true)]])
}

function fatTarget(view: DataView): LibraryTarget | undefined {
  const count = view.getUint32(4)
  if (count > MAX_FAT || 8 + count * 20 > view.byteLength) return undefined
  return target(
    'darwin',
    Array.from({ length: count }, (_, i) => MACH_CPUS[view.getUint32(8 + i * 20)]),
  )
}
