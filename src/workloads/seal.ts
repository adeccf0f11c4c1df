// From a plan to a block: header, and for complete cases the outcome and the witness, both from @ethereumjs/vm.
import { createBlockFromRLP, genTransactionsTrieRoot, genWithdrawalsTrieRoot } from '@ethereumjs/block'
import type { EVMMockBlockchainInterface } from '@ethereumjs/evm'
import { MerklePatriciaTrie } from '@ethereumjs/mpt'
import { RLP } from '@ethereumjs/rlp'
import { Caches, MerkleStateManager } from '@ethereumjs/statemanager'
import { Account, Address, createAddressFromString, ValueEncoding } from '@ethereumjs/util'
import { createVM, runBlock } from '@ethereumjs/vm'
import { keccak_256 } from '@noble/hashes/sha3.js'
import { PRECOMPILES } from '../abi/registry.js'
import type { BlockCase, FlatAccount } from '../blockFiles/types.js'
import { ParallevmError } from '../errors.js'
import { BASE_FEE, CHAIN_ID, FORK, SECONDS_PER_SLOT, workloadCommon } from './chain.js'
import type { Plan } from './plan.js'
import { RecordingDb } from './recorder.js'
import { plainAddress } from './wallet.js'
import type { World } from './world.js'

const NO_UNCLES_HASH = keccak_256(RLP.encode([]))
const NO_ROOT = new Uint8Array(32)
const EMPTY_TRIE_ROOT = keccak_256(RLP.encode(new Uint8Array(0)))
/** sha256 of nothing: no requests (EIP-7685). */
const NO_REQUESTS = Buffer.from('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855', 'hex')
const MIN_GAS_LIMIT = 60_000_000
const BLOB_GAS = 131_072n

interface Outcome {
  stateRoot: Uint8Array
  receiptsRoot: Uint8Array
  transactionsRoot: Uint8Array
  withdrawalsRoot: Uint8Array
  requestsHash: Uint8Array
  logsBloom: Uint8Array
  gasUsed: bigint
}

const UNKNOWN: Outcome = {
  stateRoot: NO_ROOT,
  receiptsRoot: NO_ROOT,
  transactionsRoot: NO_ROOT,
  withdrawalsRoot: NO_ROOT,
  requestsHash: NO_REQUESTS,
  logsBloom: new Uint8Array(256),
  gasUsed: 0n,
}

/** A case without roots: flat pre-state, known senders, header fields that need an execution left zero. */
export function sealFlat(name: string, world: World, plan: Plan): BlockCase {
  return {
    ...unsealed(name, world, plan),
    preState: { kind: 'flat', accounts: world.state.flatAccounts(), codes: world.state.flatCodes() },
    expected: {},
  }
}

/** A complete case: executed by @ethereumjs/vm over Merkle tries; the trie nodes it read are the witness. */
export async function sealWitness(name: string, world: World, plan: Plan): Promise<BlockCase> {
  const { root, nodes } = await buildTries(world.state.flatAccounts(), world.state.flatCodes())
  const database = new RecordingDb(nodes)
  const draft = blockCase(name, world, plan, root, UNKNOWN)
  const outcome = await execute(draft, root, database)
  await touchBystanders(plan, world, root, database)
  return {
    ...blockCase(name, world, plan, root, outcome),
    preState: { kind: 'witness', root, nodes: sorted(database.nodes()), codes: sorted(database.codes()) },
    expected: {
      stateRoot: outcome.stateRoot,
      receiptsRoot: outcome.receiptsRoot,
      gasUsed: outcome.gasUsed,
      logsBloom: outcome.logsBloom,
    },
  }
}

async function execute(
  draft: Omit<BlockCase, 'preState' | 'expected'>,
  root: Uint8Array,
  database: RecordingDb,
): Promise<Outcome> {
  const common = workloadCommon()
  const vm = await createVM({
    common,
    stateManager: await stateManager(root, database),
    blockchain: ancestors(draft.blockHashes),
  })
  const block = createBlockFromRLP(draft.blockRlp, { common })
  const result = await runBlock(vm, { block, generate: true, skipBlockValidation: true })
  return {
    stateRoot: result.stateRoot,
    receiptsRoot: result.receiptsRoot,
    transactionsRoot: await genTransactionsTrieRoot(block.transactions),
    withdrawalsRoot: await genWithdrawalsTrieRoot(block.withdrawals ?? []),
    requestsHash: result.requestsHash!,
    logsBloom: result.logsBloom,
    gasUsed: result.gasUsed,
  }
}

/** What BLOCKHASH sees: the default blockchain of @ethereumjs/vm answers zero to everything. */
function ancestors(hashes: ReadonlyMap<bigint, Uint8Array>): EVMMockBlockchainInterface {
  const blockchain: EVMMockBlockchainInterface = {
    async getBlock(number) {
      const hash = hashes.get(BigInt(number))
      if (!hash) throw new ParallevmError('INVALID_WORKLOAD', `BLOCKHASH asks for block ${number}, which has no hash`)
      return { hash: () => hash }
    },
    async putBlock() {},
    shallowCopy: () => blockchain,
  }
  return blockchain
}

/** Proofs of accounts that the sequential run need not have read, but that an engine may. */
async function touchBystanders(plan: Plan, world: World, root: Uint8Array, database: RecordingDb): Promise<void> {
  const state = await stateManager(root, database)
  const addresses = PRECOMPILES.map(({ address }) =>
    createAddressFromString(`0x${address.toString(16).padStart(40, '0')}`),
  )
  addresses.push(createAddressFromString('0xfffffffffffffffffffffffffffffffffffffffe'), new Address(coinbase(world)))
  for (const withdrawal of plan.withdrawals) addresses.push(new Address(withdrawal.address))
  for (const address of addresses) await state.getAccount(address)
}

async function stateManager(root: Uint8Array, database: RecordingDb): Promise<MerkleStateManager> {
  const common = workloadCommon()
  const trie = new MerklePatriciaTrie({ db: database, useKeyHashing: true, valueEncoding: ValueEncoding.Bytes, common })
  const state = new MerkleStateManager({ trie, caches: new Caches(), common })
  await state.setStateRoot(root)
  return state
}

/** The account trie and its storage tries, made by @ethereumjs/mpt. */
export async function buildTries(
  accounts: readonly FlatAccount[],
  codes: readonly Uint8Array[],
): Promise<{ root: Uint8Array; nodes: Map<string, Uint8Array> }> {
  const database = new RecordingDb(new Map())
  const newTrie = () =>
    new MerklePatriciaTrie({ db: database, useKeyHashing: true, valueEncoding: ValueEncoding.Bytes })
  for (const code of codes) await database.put(`63${Buffer.from(keccak_256(code)).toString('hex')}`, code)
  const state = newTrie()
  for (const { address, nonce, balance, codeHash, storage } of accounts) {
    let storageRoot: Uint8Array = EMPTY_TRIE_ROOT
    if (storage.length > 0) {
      const trie = newTrie()
      for (const [key, value] of storage) await trie.put(key, RLP.encode(withoutLeadingZeros(value)))
      storageRoot = trie.root()
    }
    await state.put(address, new Account(nonce, balance, storageRoot, codeHash).serialize())
  }
  return { root: state.root(), nodes: database.written() }
}

/** A case without its state: roots and gas in the header are none. */
export function unsealed(name: string, world: World, plan: Plan) {
  return blockCase(name, world, plan, NO_ROOT, UNKNOWN)
}

function blockCase(name: string, world: World, plan: Plan, preRoot: Uint8Array, outcome: Outcome) {
  const { number, timestamp } = plan
  // Every transaction may use its whole limit: the header leaves room for twice what is expected.
  const gasLimit = BigInt(Math.max(MIN_GAS_LIMIT, plan.expectedGas * 2))
  const mixHash = keccak_256(Buffer.from(`randao:${world.seed}`))
  const fields = { gasLimit, mixHash, coinbase: coinbase(world) }
  // A parent that used half its gas and no blobs: base fee and excess blob gas of the child stay as they are.
  const parent = RLP.encode(
    header(
      {
        ...fields,
        number: number - 1n,
        timestamp: timestamp - SECONDS_PER_SLOT,
        parentHash: keccak_256(mixHash),
        blobs: 0,
      },
      {
        ...UNKNOWN,
        stateRoot: preRoot,
        receiptsRoot: EMPTY_TRIE_ROOT,
        transactionsRoot: EMPTY_TRIE_ROOT,
        withdrawalsRoot: EMPTY_TRIE_ROOT,
        gasUsed: gasLimit / 2n,
      },
    ),
  )
  const parentHash = keccak_256(parent)
  const withdrawals = plan.withdrawals.map((w) => [w.index, w.validator, w.address, w.amount])
  const block = header({ ...fields, number, timestamp, parentHash, blobs: plan.blobs }, outcome)
  return {
    name,
    number,
    chainId: CHAIN_ID,
    fork: FORK,
    blockRlp: RLP.encode([block, plan.transactions, [], withdrawals] as Parameters<typeof RLP.encode>[0]),
    senders: plan.senders,
    parentHeaders: [parent],
    blockHashes: new Map([
      [number - 1n, parentHash],
      [number - 2n, keccak_256(mixHash)],
    ]),
  }
}

interface HeaderFields {
  parentHash: Uint8Array
  coinbase: Uint8Array
  number: bigint
  gasLimit: bigint
  timestamp: bigint
  mixHash: Uint8Array
  blobs: number
}

function header(fields: HeaderFields, outcome: Outcome): (Uint8Array | bigint)[] {
  return [
    fields.parentHash,
    NO_UNCLES_HASH,
    fields.coinbase,
    outcome.stateRoot,
    outcome.transactionsRoot,
    outcome.receiptsRoot,
    outcome.logsBloom,
    0n,
    fields.number,
    fields.gasLimit,
    outcome.gasUsed,
    fields.timestamp,
    Buffer.from('parallevm'),
    fields.mixHash,
    new Uint8Array(8),
    BASE_FEE,
    outcome.withdrawalsRoot,
    BigInt(fields.blobs) * BLOB_GAS,
    0n,
    keccak_256(fields.mixHash), // parentBeaconBlockRoot: any value does
    outcome.requestsHash,
  ]
}

function coinbase(world: World): Uint8Array {
  return plainAddress(world.seed, 'fee recipient', 0)
}

function sorted(list: Uint8Array[]): Uint8Array[] {
  return list.sort(Buffer.compare)
}

function withoutLeadingZeros(value: Uint8Array): Uint8Array {
  return value.subarray(value.findIndex((byte) => byte !== 0))
}
