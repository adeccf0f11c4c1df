// A small valid block of a fork that has everything blocks of the fork can have.
import { hexToBytes } from '@ethereumjs/util'
import { formatOf } from '../../src/block/format.js'
import { caseOf } from '../../src/fuzz/case.js'
import { Field, type Item } from '../../src/fuzz/header.js'
import { type Branch, encodeTree, parseTree } from '../../src/fuzz/mutations/tree.js'
import { signOld } from '../../src/fuzz/transactions.js'
import { signAuthorization } from '../../src/workloads/transaction.js'
import { plainAddress, wallet } from '../../src/workloads/wallet.js'
import { SmallChain } from './smallChain.js'

const TO = plainAddress(1, 'strict blocks', 0)
const KEYS = [new Uint8Array(32).fill(1), new Uint8Array(32).fill(2)]
export const BLOB_HASH = new Uint8Array(32).fill(1)
const BLOB_GAS = 131_072n

export interface StrictBlock {
  chain: SmallChain
  /** Changed in place. */
  tree: Branch
  bytes: Uint8Array
  parent: Uint8Array
  senders: Uint8Array[]
}

/** One transaction of each type, a withdrawal. */
export async function strictBlock(fork: string): Promise<StrictBlock> {
  const chain = new SmallChain(fork)
  const { transactions: types } = formatOf(chain.common)
  const has = (type: number): boolean => types[type] !== undefined
  const accessList: [Uint8Array, Uint8Array[]][] = [[TO, KEYS]]
  const authority = wallet(1, 'strict blocks authority', 0)
  const block = chain.next({
    transactions: [
      ...(has(1) ? [{ type: 1 as const, to: TO, accessList }] : []),
      ...(has(2) ? [{ type: 2 as const, to: TO, accessList }] : []),
      ...(has(3) ? [{ type: 3 as const, to: TO, accessList, blobVersionedHashes: [BLOB_HASH] }] : []),
      ...(has(4)
        ? [{ type: 4 as const, to: TO, accessList, authorizations: [signAuthorization(1n, authority, TO)] }]
        : []),
    ],
    withdrawals: [TO],
  })
  const { sender } = chain
  const legacy: Item = signOld(
    sender,
    { type: 0, gasLimit: 100_000n, to: TO, value: 1n, data: Uint8Array.of(1, 2) },
    { maxFee: 1000n, priorityFee: 0n, maxFeePerBlobGas: 0n },
  )
  sender.nonce++
  block.transactions.push(legacy)
  block.senders.push(sender.address)
  if (has(3)) block.header[Field.BLOB_GAS_USED] = BLOB_GAS
  const test = await caseOf({ state: chain.state, block })
  const [made] = test.blocks
  if (made === undefined || made.expectException !== undefined) throw new Error(`the block of ${fork} is not valid`)
  const bytes = hexToBytes((made as { rlp: `0x${string}` }).rlp)
  const [genesis] = parseTree(hexToBytes(test.genesisRLP)).items
  return { chain, bytes, tree: parseTree(bytes), parent: encodeTree(genesis as never), senders: block.senders }
}
