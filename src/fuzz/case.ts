// A finding as a blockchain test: what `parallevm blocktest`, and other clients, can execute again.
import { createMPT } from '@ethereumjs/mpt'
import { RLP } from '@ethereumjs/rlp'
import { bytesToHex, KECCAK256_RLP } from '@ethereumjs/util'
import { keccak_256 } from '@noble/hashes/sha3.js'
import { runReference } from '../ethereumjs/reference.js'
import type { BlockTest } from '../official/json.js'
import { encodeReceipt } from '../receipts/encodeReceipt.js'
import { requestsHash } from '../receipts/requests.js'
import type { FuzzBlock, Item } from './blocks.js'
import type { Finding } from './fuzzer.js'

const [PARENT, STATE_ROOT, TRANSACTIONS_ROOT, RECEIPTS_ROOT, BLOOM, NUMBER, GAS_LIMIT, GAS_USED, TIMESTAMP] = [
  0, 3, 4, 5, 6, 8, 9, 10, 11,
] as const
const WITHDRAWALS_ROOT = 16
const BLOB_GAS_USED = 17
const REQUESTS_HASH = 20

/**
 * The block of a finding as the first one after a genesis block with its state. Its results are those of the reference; its
 * parent is another one than when it was found, which the block may see.
 */
export async function caseOf({ state, block }: Finding): Promise<BlockTest> {
  const stateRoot = await state.root()
  const genesis = [...block.header]
  genesis[PARENT] = new Uint8Array(32)
  genesis[STATE_ROOT] = stateRoot
  genesis[TRANSACTIONS_ROOT] = KECCAK256_RLP
  genesis[RECEIPTS_ROOT] = KECCAK256_RLP
  genesis[NUMBER] = 0n
  // Half the limit: the base fee of the child is the same.
  genesis[GAS_USED] = (genesis[GAS_LIMIT] as bigint) / 2n
  genesis[TIMESTAMP] = 0n
  if (genesis.length > WITHDRAWALS_ROOT) genesis[WITHDRAWALS_ROOT] = KECCAK256_RLP
  if (genesis.length > BLOB_GAS_USED) genesis[BLOB_GAS_USED] = 0n
  const genesisHash = keccak_256(RLP.encode(genesis as never))
  const header = [...block.header]
  header[PARENT] = genesisHash
  header[NUMBER] = 1n
  await fillResults(header, { ...block, header }, genesisHash, state)
  const lists = (withdrawals: unknown[] | undefined) => (withdrawals === undefined ? [] : [withdrawals])
  return {
    network: block.fork,
    pre: state.toTest(),
    genesisRLP: bytesToHex(RLP.encode([genesis, [], [], ...lists(block.withdrawals && [])] as never)),
    genesisBlockHeader: { hash: bytesToHex(genesisHash), stateRoot: bytesToHex(stateRoot) },
    blocks: [{ rlp: bytesToHex(RLP.encode([header, block.transactions, [], ...lists(block.withdrawals)] as never)) }],
    lastblockhash: bytesToHex(keccak_256(RLP.encode(header as never))),
  }
}

async function fillResults(
  header: Item[],
  block: FuzzBlock,
  parent: Uint8Array,
  before: Finding['state'],
): Promise<void> {
  const { rules, senders, transactions, withdrawals } = block
  const rlp = RLP.encode([header, transactions, [], ...(withdrawals ? [withdrawals] : [])] as never)
  const result = await runReference(rlp, before, { rules, senders, blockHashes: new Map([[0n, parent]]) })
  const after = before.copy()
  after.apply(result.stateDiff)
  header[STATE_ROOT] = await after.root()
  header[TRANSACTIONS_ROOT] = await orderedRoot(
    transactions.map((tx) => (tx instanceof Uint8Array ? tx : RLP.encode(tx as never))),
  )
  header[RECEIPTS_ROOT] = await orderedRoot(result.receipts.map((receipt) => encodeReceipt(receipt)))
  header[BLOOM] = result.logsBloom
  header[GAS_USED] = result.gasUsed
  if (withdrawals !== undefined)
    header[WITHDRAWALS_ROOT] = await orderedRoot(withdrawals.map((item) => RLP.encode(item as never)))
  if (header.length > REQUESTS_HASH) header[REQUESTS_HASH] = requestsHash(result.requests)
}

async function orderedRoot(values: Uint8Array[]): Promise<Uint8Array> {
  const trie = await createMPT()
  for (const [index, value] of values.entries()) await trie.put(RLP.encode(index), value)
  return trie.root()
}
