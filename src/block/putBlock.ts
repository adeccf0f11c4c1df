// A block that the host has read as the core would have left it: assembly/abi/blockParts.ts.
import type { MemoryView } from '../abi/blockRequest.js'
import * as abi from '../abi/core.generated.js'
import type { DecodedBlock } from './decode.js'
import { withdrawalWork } from './decode.js'
import { formatOf, indexOf } from './format.js'

/**
 * Puts a block into shared memory.
 * @param bytes those that all parts of `block` are views of
 * @returns address of the record of its parts
 * @throws OutOfSpaceError
 */
export function putBlock(memory: MemoryView, bytes: Uint8Array, block: DecodedBlock): number {
  const { transactions, summaries, uncles, header, unclesRlp, withdrawals = [], withdrawalsRlp } = block
  const base = memory.blockAlloc(bytes.length)
  memory.bytes(base, bytes.length).set(bytes)
  const addressOf = (part: Uint8Array): number => base + part.byteOffset - bytes.byteOffset
  const table = (size: number, count: number): { at: number; set: (at: number, value: number) => unknown } => {
    const at = memory.blockAlloc(Math.max(size * count, size))
    const words = memory.words(at, (size * count) / 4).fill(0)
    return { at, set: (field, value) => words.fill(value, field / 4, field / 4 + 1) }
  }
  type Table = ReturnType<typeof table>
  const slice = ({ set }: Table, at: number, part: Uint8Array): void => {
    set(at + abi.SLICE_ADDRESS, addressOf(part))
    set(at + abi.SLICE_LENGTH, part.length)
  }
  const own = table(abi.D_SIZE, 1)
  const txs = table(abi.SCAN_SIZE, transactions.length)
  for (const [index, { type, blobs, gasLimit }] of summaries.entries()) {
    const at = index * abi.SCAN_SIZE
    slice(txs, at, transactions[index] as Uint8Array)
    txs.set(at + abi.SCAN_TYPE, type)
    txs.set(at + abi.SCAN_BLOBS, blobs)
    txs.set(at + abi.SCAN_GAS_LIMIT, Number(gasLimit & 0xffffffffn))
    txs.set(at + abi.SCAN_GAS_LIMIT + 4, Number(gasLimit >> 32n))
  }
  const paid = table(abi.WITHDRAWAL_SIZE, withdrawals.length)
  for (const [index, { address, amount }] of withdrawalWork(block.withdrawalFields).entries()) {
    const at = index * abi.WITHDRAWAL_SIZE
    slice(paid, at + abi.WITHDRAWAL_RLP, withdrawals[index] as Uint8Array)
    paid.set(at + abi.WITHDRAWAL_RECIPIENT, addressOf(address))
    paid.set(at + abi.WITHDRAWAL_AMOUNT, Number(amount & 0xffffffffn))
    paid.set(at + abi.WITHDRAWAL_AMOUNT + 4, Number(amount >> 32n))
  }
  slice(own, abi.D_BYTES, bytes)
  slice(own, abi.D_HEADER, header.bytes)
  slice(own, abi.D_UNCLES, unclesRlp)
  if (withdrawalsRlp !== undefined) slice(own, abi.D_WITHDRAWALS, withdrawalsRlp)
  own.set(abi.D_UNCLE_COUNT, uncles.length)
  own.set(
    abi.D_BLOBS,
    summaries.reduce((sum, { blobs }) => sum + blobs, 0),
  )
  own.set(abi.D_WITHDRAWALS_ROOT, Math.max(0, indexOf(formatOf(header.common).header, 'withdrawalsRoot')))
  own.set(abi.D_TX_COUNT, transactions.length)
  own.set(abi.D_TXS, txs.at)
  own.set(abi.D_WITHDRAWAL_COUNT, withdrawals.length)
  own.set(abi.D_WITHDRAWAL_TABLE, paid.at)
  for (const [index, { bytes, fields }] of [header, ...uncles].entries()) {
    const at = abi.D_FIELDS + index * abi.D_FIELDS_SIZE
    for (const [field, part] of [bytes, ...fields].entries()) slice(own, at + abi.SLICE_SIZE * field, part)
  }
  return own.at
}
