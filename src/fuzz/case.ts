// A finding as a blockchain test: what `parallevm blocktest`, and other clients, can execute again.
import { createMPT } from '@ethereumjs/mpt'
import { RLP } from '@ethereumjs/rlp'
import { bytesToHex, KECCAK256_RLP } from '@ethereumjs/util'
import { keccak_256 } from '@noble/hashes/sha3.js'
import { ChainCommons } from '../block/common.js'
import { requestsHash } from '../block/requests.js'
import type { BlockTest } from '../spectests/json.js'
import type { PlainState } from '../spectests/plainState.js'
import { blockRlp, type FuzzBlock } from './blocks.js'
import { encodeReceipt } from './encodeReceipt.js'
import type { Finding } from './fuzzer.js'
import { Field, type Item } from './header.js'
import { OracleFailedError } from './oracles/errors.js'
import { ethereumjsOracle } from './oracles/ethereumjs.js'
import type { Judge, Outcome } from './oracles/oracle.js'

/**
 * The block of a finding as the first one after a genesis block with its state. Its results are those of the oracle; its
 * parent is another one than when it was found, which the block may see.
 */
export async function caseOf(
  { state, block }: Pick<Finding, 'state' | 'block'>,
  oracle: Judge = ethereumjsOracle,
): Promise<BlockTest> {
  const stateRoot = await state.root()
  const genesis = [...block.header]
  genesis[Field.PARENT] = new Uint8Array(32)
  genesis[Field.STATE_ROOT] = stateRoot
  genesis[Field.TRANSACTIONS_ROOT] = KECCAK256_RLP
  genesis[Field.RECEIPTS_ROOT] = KECCAK256_RLP
  genesis[Field.NUMBER] = 0n
  // Half the limit: the base fee of the child is the same.
  genesis[Field.GAS_USED] = (genesis[Field.GAS_LIMIT] as bigint) / 2n
  genesis[Field.TIMESTAMP] = 0n
  if (genesis.length > Field.WITHDRAWALS_ROOT) genesis[Field.WITHDRAWALS_ROOT] = KECCAK256_RLP
  if (genesis.length > Field.BLOB_GAS_USED) genesis[Field.BLOB_GAS_USED] = 0n
  if (genesis.length > Field.EXCESS_BLOB_GAS) genesis[Field.EXCESS_BLOB_GAS] = excessBefore(block)
  const genesisHash = keccak_256(RLP.encode(genesis as never))
  const header = [...block.header]
  header[Field.PARENT] = genesisHash
  header[Field.NUMBER] = 1n
  const outcome = await fillResults(header, { ...block, header }, state, oracle)
  const lists = (withdrawals: unknown[] | undefined) => (withdrawals === undefined ? [] : [withdrawals])
  return {
    network: block.fork,
    pre: state.toTest(),
    genesisRLP: bytesToHex(RLP.encode([genesis, [], [], ...lists(block.withdrawals && [])] as never)),
    genesisBlockHeader: { hash: bytesToHex(genesisHash), stateRoot: bytesToHex(stateRoot) },
    blocks: [
      {
        rlp: bytesToHex(blockRlp({ ...block, header })),
        ...(outcome?.accessList && { blockAccessListRlp: bytesToHex(outcome.accessList) }),
        ...(!outcome && { expectException: 'ANY' }),
      },
    ],
    lastblockhash: bytesToHex(outcome ? keccak_256(RLP.encode(header as never)) : genesisHash),
  }
}

/** Excess blob gas of a parent without blobs (EIP-4844). */
function excessBefore({ header, rules }: FuzzBlock): bigint {
  const excess = header[Field.EXCESS_BLOB_GAS] as bigint
  const common = new ChainCommons(rules).at(1n, 1n)
  return excess === 0n ? 0n : excess + common.getBlobGasSchedule().targetBlobGasPerBlock
}

/** @returns undefined when the oracle refuses the block */
async function fillResults(
  header: Item[],
  block: FuzzBlock,
  before: PlainState,
  oracle: Judge,
): Promise<Outcome | undefined> {
  const { transactions, withdrawals } = block
  header[Field.TRANSACTIONS_ROOT] = await orderedRoot(
    transactions.map((tx) => (tx instanceof Uint8Array ? tx : RLP.encode(tx as never))),
  )
  if (withdrawals !== undefined)
    header[Field.WITHDRAWALS_ROOT] = await orderedRoot(withdrawals.map((item) => RLP.encode(item as never)))
  const outcome = await oracle.run(before, block)
  if (outcome.kind === 'crash') throw new OracleFailedError(oracle.name, `the case cannot be saved: ${outcome.reason}`)
  if (outcome.kind === 'refused') return undefined
  header[Field.STATE_ROOT] = outcome.stateRoot ?? (await stateAfter(before, outcome).root())
  header[Field.RECEIPTS_ROOT] =
    outcome.receiptsRoot ??
    (await orderedRoot((outcome.exact?.receipts ?? []).map((receipt) => encodeReceipt(receipt))))
  header[Field.BLOOM] = outcome.logsBloom
  header[Field.GAS_USED] = outcome.gasUsed
  if (header.length > Field.REQUESTS_HASH) header[Field.REQUESTS_HASH] = requestsHash(outcome.requests ?? [])
  if (outcome.accessList !== undefined) header[Field.ACCESS_LIST_HASH] = keccak_256(outcome.accessList)
  return outcome
}

function stateAfter(before: PlainState, { change }: Outcome): PlainState {
  if ('state' in change) return change.state
  const after = before.copy()
  after.apply(change.diff)
  return after
}

async function orderedRoot(values: Uint8Array[]): Promise<Uint8Array> {
  const trie = await createMPT()
  for (const [index, value] of values.entries()) await trie.put(RLP.encode(index), value)
  return trie.root()
}
