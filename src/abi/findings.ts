// What a question touched and changed, as objects: assembly/abi/findings.ts.
import type { StateDiff } from '../types.js'
import * as abi from './core.generated.js'
import { decodeDiff } from './packedDiff.js'

/** An account that was touched; `itself`: not only slots of it. */
export interface Touched {
  address: Uint8Array
  itself: boolean
  keys: Uint8Array[]
}

/** Of the caller's own bytes. */
export function touchedOf(findings: Uint8Array): Touched[] {
  const view = viewOf(findings)
  const touched: Touched[] = []
  let at = abi.FIND_DIFF + view.getUint32(abi.FIND_DIFF_LENGTH, true)
  while (at < findings.length) {
    const address = findings.subarray(at + abi.TOUCH_ADDRESS, at + abi.TOUCH_ADDRESS + 20)
    const itself = view.getUint32(at + abi.TOUCH_ITSELF, true) !== 0
    const count = view.getUint32(at + abi.TOUCH_COUNT, true)
    at += abi.TOUCH_SIZE
    const keys: Uint8Array[] = []
    for (let i = 0; i < count; i++, at += 32) keys.push(findings.subarray(at, at + 32))
    touched.push({ address, itself, keys })
  }
  return touched
}

export function diffOf(findings: Uint8Array): StateDiff {
  const length = viewOf(findings).getUint32(abi.FIND_DIFF_LENGTH, true)
  return decodeDiff(findings.subarray(abi.FIND_DIFF, abi.FIND_DIFF + length))
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}
