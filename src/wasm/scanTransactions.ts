// The list of a block's transactions as the core reads it (assembly/block/scan.ts).
import { SCAN_SIZE } from '../abi/core.generated.js'
import { OutOfSpaceError } from '../errors.js'
import type { Core } from './core.js'

/** Fewer bytes than nearly all transactions have: more are left to the host's decoder. */
const FEW_BYTES = 64
const SPARE = 16

/**
 * @param list RLP of the list
 * @param formats assembly/abi/scan.ts
 * @returns SCAN records, one for each transaction; undefined when one is not of its format, or the core cannot tell
 */
export function scanTransactions(list: Uint8Array, formats: Uint8Array, core: Core): Uint32Array | undefined {
  const most = Math.floor(list.length / FEW_BYTES) + SPARE
  const align = (size: number): number => (size + 7) & ~7
  const formatsAt = SCAN_SIZE * most
  const listAt = align(formatsAt + formats.length)
  let at: number
  try {
    at = core.transfer.reserve(listAt + list.length)
  } catch (error) {
    if (error instanceof OutOfSpaceError) return undefined
    throw error
  }
  core.bytes.set(formats, at + formatsAt)
  core.bytes.set(list, at + listAt)
  const count = core.exports.scanTransactions(at + listAt, list.length, at + formatsAt, at, most)
  if (count < 0) return undefined
  return new Uint32Array(core.bytes.buffer, at, (count * SCAN_SIZE) / 4).slice()
}
