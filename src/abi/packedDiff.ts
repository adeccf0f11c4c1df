// The packed state difference of a block (assembly/abi/packedDiff.ts) as objects.
import type { StateDiff, StateDiffAccount } from '../types.js'
import * as abi from './core.generated.js'
import { getWord, getWordBytes } from './word256.js'

/** The difference in the caller's own `bytes`, sorted by address and key. */
export function decodeDiff(bytes: Uint8Array): StateDiff {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const diff: StateDiff = []
  let at = 0
  while (at < bytes.length) {
    const flags = view.getUint32(at + abi.PACK_FLAGS, true)
    const account: StateDiffAccount = {
      address: bytes.subarray(at + abi.PACK_ADDRESS, at + abi.PACK_ADDRESS + 20),
      exists: (flags & abi.DIFF_EXISTS) !== 0,
      nonce: view.getBigUint64(at + abi.PACK_NONCE, true),
      balance: getWord(view, at + abi.PACK_BALANCE),
      codeHash: bytes.subarray(at + abi.PACK_CODE_HASH, at + abi.PACK_CODE_HASH + 32),
      storageCleared: (flags & abi.DIFF_CLEARED) !== 0,
      storage: [],
    }
    const slots = view.getUint32(at + abi.PACK_SLOT_COUNT, true)
    const codeLength = view.getUint32(at + abi.PACK_CODE_LENGTH, true)
    at += abi.PACK_SIZE
    for (let i = 0; i < slots; i++, at += abi.PACK_SLOT_SIZE) {
      account.storage.push({ key: getWordBytes(bytes, at), value: getWordBytes(bytes, at + 32) })
    }
    account.storage.sort((a, b) => compare(a.key, b.key))
    if (codeLength !== abi.PACK_SAME_CODE) {
      account.code = bytes.subarray(at, at + codeLength)
      at += codeLength
    }
    diff.push(account)
  }
  return diff.sort((a, b) => compare(a.address, b.address))
}

function compare(a: Uint8Array, b: Uint8Array): number {
  for (let i = 0; i < a.length; i++) {
    const order = a[i]! - b[i]!
    if (order !== 0) return order
  }
  return 0
}
