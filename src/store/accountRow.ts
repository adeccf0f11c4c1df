// A row of an account (assembly/abi/rows.ts) as an object.
import { ROW_BALANCE, ROW_HAS_CODE, ROW_HAS_STORAGE, ROW_NONCE } from '../abi/core.generated.js'
import { corrupt } from './errors.js'

export interface AccountRow {
  nonce: bigint
  /** wei. */
  balance: bigint
  /** Undefined: no code. */
  codeHash?: Uint8Array
  /** Undefined: no storage. */
  storageRoot?: Uint8Array
}

/** The bytes are not copied. @throws StoreError STORE_CORRUPT */
export function decodeAccountRow(row: Uint8Array): AccountRow {
  const [flags = 0, length = 0] = [row[0], row[ROW_BALANCE]]
  const codeAt = ROW_BALANCE + 1 + length
  const rootAt = codeAt + (flags & ROW_HAS_CODE ? 32 : 0)
  const end = rootAt + (flags & ROW_HAS_STORAGE ? 32 : 0)
  if (row.length !== end) throw corrupt('a row of an account has the wrong length', undefined)
  return {
    nonce: new DataView(row.buffer, row.byteOffset).getBigUint64(ROW_NONCE, true),
    balance: littleEndian(row.subarray(ROW_BALANCE + 1, codeAt)),
    ...(codeAt < rootAt && { codeHash: row.subarray(codeAt, rootAt) }),
    ...(rootAt < end && { storageRoot: row.subarray(rootAt, end) }),
  }
}

function littleEndian(bytes: Uint8Array): bigint {
  return bytes.length === 0 ? 0n : BigInt(`0x${Buffer.from(bytes).reverse().toString('hex')}`)
}
