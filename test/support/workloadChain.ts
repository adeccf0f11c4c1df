// Blocks that follow one another: the transactions of one generated block, dealt out to several.
import { RLP } from '@ethereumjs/rlp'
import { keccak_256 } from '@noble/hashes/sha3.js'
import { BlockExecutor, memoryState, type StateSource } from '../../src/index.js'
import { orderedRoot } from '../../src/wasm/orderedRoot.js'
import { generateWorkload, type WorkloadKind } from '../../src/workloads/index.js'

// Fields of a header.
const [PARENT_HASH, STATE_ROOT, TRANSACTIONS_ROOT, RECEIPTS_ROOT, BLOOM, NUMBER] = [0, 3, 4, 5, 6, 8]
const [GAS_LIMIT, GAS_USED, TIMESTAMP, WITHDRAWALS_ROOT] = [9, 10, 11, 16]
const LIMIT = 200_000_000n
const SECONDS = 12n

export interface WorkloadChain {
  /** RLP with the right roots. */
  blocks: Uint8Array[]
  /** 20 bytes a transaction, of each block. */
  senders: Uint8Array[][]
  stateRoots: Uint8Array[]
  /** A new source of the state before the first block. */
  state: () => StateSource
}

/**
 * @param gas of all blocks together
 * @param sizes transactions of each block, as shares of them all
 */
export async function workloadChain(kind: WorkloadKind, gas: number, sizes: readonly number[]): Promise<WorkloadChain> {
  const { blockRlp, senders = [], preState } = await generateWorkload({ kind, gas, withRoots: false })
  if (preState.kind !== 'flat') throw new Error('a workload without roots has a flat state')
  const state = () => memoryState(preState.accounts, preState.codes)
  const [template, all] = RLP.decode(blockRlp) as unknown as [Uint8Array[], (Uint8Array | Uint8Array[])[]]
  const whole = sizes.reduce((sum, size) => sum + size, 0)
  const chain: WorkloadChain = { blocks: [], senders: [], stateRoots: [], state }
  const executor = await BlockExecutor.create({ state: state(), verify: 'none' })
  try {
    let [first, share] = [0, 0]
    let parent = template[PARENT_HASH] as Uint8Array
    for (const [index, size] of sizes.entries()) {
      share += size
      const end = Math.round((share / whole) * all.length)
      const draft = header(template, index, parent)
      const body = [all.slice(first, end), [], []]
      const own = senders.slice(first, end)
      const result = await executor.execute(encode([draft, ...body]), { senders: own })
      const { stateRoot, receiptsRoot, logsBloom, gasUsed } = result
      const sealed = draft
        .with(STATE_ROOT, stateRoot as Uint8Array)
        .with(TRANSACTIONS_ROOT, orderedRoot(all.slice(first, end).map((tx) => (Array.isArray(tx) ? encode(tx) : tx))))
        .with(RECEIPTS_ROOT, receiptsRoot as Uint8Array)
        .with(BLOOM, logsBloom)
        .with(GAS_USED, quantity(gasUsed))
      chain.blocks.push(encode([sealed, ...body]))
      chain.senders.push(own)
      chain.stateRoots.push(stateRoot as Uint8Array)
      parent = keccak_256(encode(sealed))
      first = end
    }
  } finally {
    await executor.close()
  }
  return chain
}

function header(template: Uint8Array[], index: number, parent: Uint8Array): Uint8Array[] {
  const later = (field: number, by: bigint): Uint8Array =>
    quantity(BigInt(`0x${Buffer.from(template[field] as Uint8Array).toString('hex')}`) + by)
  return template
    .with(PARENT_HASH, parent)
    .with(NUMBER, later(NUMBER, BigInt(index)))
    .with(TIMESTAMP, later(TIMESTAMP, BigInt(index) * SECONDS))
    .with(GAS_LIMIT, quantity(LIMIT))
    .with(WITHDRAWALS_ROOT, orderedRoot([]))
}

function quantity(value: bigint): Uint8Array {
  if (value === 0n) return new Uint8Array(0)
  const digits = value.toString(16)
  return new Uint8Array(Buffer.from(digits.length % 2 ? `0${digits}` : digits, 'hex'))
}

function encode(value: unknown): Uint8Array {
  return RLP.encode(value as never)
}
