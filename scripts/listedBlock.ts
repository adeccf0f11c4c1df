// The bundled block of Amsterdam, which comes with its access list (EIP-7928): transactions made here, sealed by the library's own
// builder. The state root before it is @ethereumjs/mpt's. @ethereumjs/vm does not run such blocks: what this one comes to
// was confirmed by go-ethereum's `evm t8n` 1.17.10, and is again whenever PARALLEVM_GETH_EVM names that program
// (scripts/build-fixtures.ts): receipts, every account and slot, roots, bloom, gas, requests, and the list byte for byte.
import { createBlockHeader } from '@ethereumjs/block'
import { Common } from '@ethereumjs/common'
import { RLP } from '@ethereumjs/rlp'
import { Address, bytesToHex } from '@ethereumjs/util'
import { bytesOf } from '../src/block/body.js'
import { rulesOf } from '../src/block/common.js'
import { type BlockCase, chainOf } from '../src/blockFiles/index.js'
import { toBigInt } from '../src/bytes.js'
import { builtCase } from '../src/cli/builtCase.js'
import { answerOf } from '../src/fuzz/answer.js'
import type { FuzzBlock } from '../src/fuzz/blocks.js'
import { Field, type Item } from '../src/fuzz/header.js'
import { difference } from '../src/fuzz/oracles/compare.js'
import { openGeth } from '../src/fuzz/oracles/geth.js'
import { BlockExecutor, witnessState } from '../src/index.js'
import { rulesOfNetwork } from '../src/spectests/forks.js'
import { PlainState } from '../src/spectests/plainState.js'
import { calldata, word } from '../src/workloads/abi.js'
import { BASE_FEE, ETHER, NUMBER, SECONDS_PER_SLOT } from '../src/workloads/chain.js'
import { creationCode } from '../src/workloads/contracts.js'
import { Random } from '../src/workloads/random.js'
import { buildTries } from '../src/workloads/seal.js'
import { PRICES } from '../src/workloads/simple.js'
import { BUILDER_CONTRACTS, systemContract } from '../src/workloads/systemContracts.js'
import { Token, transferData } from '../src/workloads/token.js'
import { signAuthorization, signTransaction, type TransactionFields } from '../src/workloads/transaction.js'
import { plainAddress, type Wallet } from '../src/workloads/wallet.js'
import { World } from '../src/workloads/world.js'
import { LISTED } from '../test/support/bundled.js'

const SEED = 7928
/** No public chain has a time for Amsterdam: a chain of its own, and the file says whose rules hold. */
const CHAIN_ID = 7928n
const FORK = 'amsterdam'
const TIMESTAMP = 1_800_000_000n
const GAS_LIMIT = 60_000_000n
/** Enough for new state, too (EIP-8037). */
const ROOMY = 1_500_000n

const common = new Common({ chain: chainOf(CHAIN_ID), hardfork: FORK })
const FEE_RECIPIENT = plainAddress(SEED, 'fee recipient', 0)
const HOT = plainAddress(SEED, 'hot', 0)

/** The block as its file holds it. */
export async function listedBlock(): Promise<BlockCase> {
  const { world, transactions } = await scene()
  const codes = world.state.flatCodes()
  const { root, nodes } = await buildTries(world.state.flatAccounts(), codes)
  const state = witnessState({ root, nodes: [...nodes.values()], codes })
  // A parent that used half its gas and no blobs: the base fee stays.
  const parent = createBlockHeader(
    {
      ...{ number: NUMBER - 1n, timestamp: TIMESTAMP - SECONDS_PER_SLOT, stateRoot: root, baseFeePerGas: BASE_FEE },
      ...{ gasLimit: GAS_LIMIT, gasUsed: GAS_LIMIT / 2n, excessBlobGas: 0n, blobGasUsed: 0n },
    },
    { common, skipConsensusFormatValidation: true },
  ).serialize()
  const executor = await BlockExecutor.create({ common, hardfork: FORK, state, threads: 1, verify: 'none' })
  try {
    const built = await executor.build(transactions, {
      ...{ parent, timestamp: TIMESTAMP, feeRecipient: FEE_RECIPIENT, slotNumber: 1_000n },
      ...{ prevRandao: word(77n), parentBeaconBlockRoot: word(4788n), withdrawals: WITHDRAWALS },
    })
    const [left] = built.skipped
    if (left) throw new Error(`transaction ${left.index} has no place in the block: ${left.message}`)
    const ground = { executor, rules: rulesOf(common, FORK), chainId: CHAIN_ID, parentHeaders: [parent] }
    return { ...(await builtCase({ ...ground, blockHashes: new Map() }, built)), name: LISTED }
  } finally {
    await executor.close()
  }
}

/**
 * Has go-ethereum's evm execute the block.
 * @returns which version did
 * @throws Error naming the first thing in which it comes to something else
 */
export async function checkByGeth(block: BlockCase, evm: string): Promise<string> {
  const { world } = await scene()
  const state = new PlainState()
  for (const { address, nonce, balance, storage } of world.state.flatAccounts()) {
    const account = state.set(address, { nonce, balance, code: await world.state.getCode(new Address(address)) })
    for (const [key, value] of storage) account.storage.set(bytesToHex(key), bytesToHex(value))
  }
  const executor = await BlockExecutor.create({ common, hardfork: FORK, state: state.source(), threads: 1 })
  const geth = await openGeth(evm)
  try {
    const { blockRlp, parentHeaders, blockAccessList } = block
    const result = await executor.execute(blockRlp, { parentHeaders, ...(blockAccessList && { blockAccessList }) })
    const ours = { name: 'the file', answer: answerOf(result) }
    const theirs = { name: geth.description, answer: await geth.run(state, itemsOf(block)) }
    const found = difference(state, ours, theirs)
    if (found !== undefined) throw new Error(`${block.name}: ${found}`)
    return geth.description
  } finally {
    await geth.close()
    await executor.close()
  }
}

/** The block in the form that oracles are given. */
function itemsOf({ blockRlp }: BlockCase): FuzzBlock {
  const [fields, transactions, , withdrawals] = RLP.decode(blockRlp) as [Uint8Array[], Item[], unknown, Uint8Array[][]]
  const numbers: number[] = [
    ...[Field.DIFFICULTY, Field.NUMBER, Field.GAS_LIMIT, Field.GAS_USED, Field.TIMESTAMP, Field.BASE_FEE],
    ...[Field.BLOB_GAS_USED, Field.EXCESS_BLOB_GAS, Field.SLOT_NUMBER],
  ]
  return {
    ...{ fork: 'Amsterdam', rules: rulesOfNetwork('Amsterdam', { chainid: `0x${CHAIN_ID.toString(16)}` }) },
    header: fields.map((field, index) => (numbers.includes(index) ? toBigInt(field) : field)),
    transactions,
    senders: [],
    withdrawals: withdrawals.map(([index, validator, address, amount]) => [
      ...[toBigInt(index as Uint8Array), toBigInt(validator as Uint8Array)],
      ...[address as Uint8Array, toBigInt(amount as Uint8Array)],
    ]),
    ...{ recover: true, root: true },
  }
}

const WITHDRAWALS = [HOT, HOT, FEE_RECIPIENT, plainAddress(SEED, 'validator', 0)].map((address, index) => ({
  ...{ index: 90_000_000 + index, validatorIndex: 1_000 + index, amount: 19_000_000, address },
}))

/** The state before the block, and its transactions: all of the same tip, so that they stay in this order. */
async function scene(): Promise<{ world: World; transactions: Uint8Array[] }> {
  const world = await World.create(SEED)
  for (const { address, code } of BUILDER_CONTRACTS) world.state.set(address, { nonce: 1n, code })
  const tokens = [await Token.deploy(world), await Token.deploy(world)]
  const lab = await world.deploy('Lab')
  world.state.set(lab, { balance: ETHER })
  const random = new Random(SEED, LISTED)
  const users = Array.from({ length: 24 }, (_, i) => world.user('user', i, BigInt(1 + random.below(500))))
  for (const { address } of users) for (const token of tokens) token.give(address)
  tokens[1]?.give(HOT)

  const transactions: Uint8Array[] = []
  const send = (fields: Partial<TransactionFields>, sender: Wallet = random.pick(users)): void => {
    const whole = { type: 2 as const, gasLimit: ROOMY, value: 0n, ...fields }
    transactions.push(bytesOf(signTransaction(CHAIN_ID, sender, whole, PRICES) as Uint8Array))
  }
  const call = (signature: string, values: (bigint | Uint8Array)[] = [], fields: Partial<TransactionFields> = {}) =>
    send({ to: lab, data: calldata(signature, ...values), ...fields })

  for (let round = 0; round < 6; round++) {
    send({ to: random.pick(users).address, value: BigInt(random.u32()) })
    send({ to: HOT, value: BigInt(1 + random.u32()) })
    send({ type: 0, to: plainAddress(SEED, 'newcomer', round), value: BigInt(1 + random.u32()) })
    for (const [at, token] of tokens.entries()) {
      for (const to of [HOT, random.pick(users).address, plainAddress(SEED, 'holder', 2 * round + at)]) {
        send({ to: token.address, data: transferData(to, BigInt(random.u32())) })
      }
    }
    call('countAll()')
    call('count()')
  }
  call('fill(uint256,uint256)', [10n, 4n])
  call('clear(uint256,uint256)', [10n, 2n])
  call('fail(uint256)', [12n])
  call('failInside(uint256)', [13n])
  call('spin()', [], { gasLimit: 100_000n })
  call('log(uint256)', [5n])
  call('surroundings()')
  call('transient(uint256)', [8n])
  call('precompiles(bytes)', [new Uint8Array(40).fill(7)])
  call('spawn(uint256)', [11n], { value: 3n })
  call('spawnAt(bytes32)', [word(21n)], { value: 4n })
  call('spawnAt(bytes32)', [word(21n)]) // the address is taken: it reverts
  send({ data: creationCode('Lab'), gasLimit: 16_000_000n })
  send({ type: 1, to: lab, data: calldata('countAll()'), accessList: [[lab, [word(2n), word(99n)]]] })
  const authority = world.user('authority', 0, 0n)
  const delegate = signAuthorization(CHAIN_ID, authority, lab)
  send({ type: 4, to: authority.address, data: calldata('ping()'), authorizations: [delegate] })
  // What the protocol itself calls: the beacon root and a hash of before, and requests of all kinds.
  send({ to: systemContract(4788), data: word(TIMESTAMP) })
  send({ to: systemContract(2935), data: word(NUMBER - 1n) })
  send({ to: systemContract(7002), value: 1n, data: new Uint8Array(56).fill(3) })
  send({ to: systemContract(7251), value: 1n, data: new Uint8Array(96).fill(4) })
  return { world, transactions }
}
