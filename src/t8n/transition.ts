// What a list of transactions makes of a state, as the transition tools of clients ("t8n") tell it: transactions that must not be
// in the block are named and left out, and the others executed as a block.
import type { BlockHeader } from '@ethereumjs/block'
import { type Common, ConsensusType } from '@ethereumjs/common'
import { RLP } from '@ethereumjs/rlp'
import { ChainCommons, rulesOf } from '../block/common.js'
import { InvalidBlockError } from '../block/errors.js'
import { invalidInput } from '../door/errors.js'
import { BlockExecutor } from '../executor/blockExecutor.js'
import { isHashMissing } from '../executor/blockHashes.js'
import type { PlainState } from '../spectests/plainState.js'
import type { EngineName } from '../types.js'
import { headerOf, uncleOf } from './header.js'
import { type Environment, environmentOf, stateOf } from './inputs.js'
import { type Output, outputOf } from './output.js'
import { commonOf, type TransitionRules } from './rules.js'
import type { Transition } from './shapes.js'
import { blobsOf, type TransactionItem, transactionsOf } from './transactions.js'

/** The three inputs, as JSON.parse gives them. */
export interface TransitionInput {
  alloc: unknown
  env: unknown
  /** A list of transactions, or the RLP of one as hex. */
  txs: unknown
}

type Numbered = readonly [index: number, item: TransactionItem]

/** Transitions under one fork's rules, one after another, on all threads. */
export class TransitionTool {
  readonly #rules: TransitionRules
  readonly #commons: ChainCommons
  readonly #executor: BlockExecutor

  private constructor(rules: TransitionRules, commons: ChainCommons, executor: BlockExecutor) {
    this.#rules = rules
    this.#commons = commons
    this.#executor = executor
  }

  /** @throws UnusableTestError for a fork that there is not, and what BlockExecutor.create throws */
  static async create(rules: TransitionRules, setup: { engine: EngineName; threads: number }): Promise<TransitionTool> {
    const common = commonOf(rules)
    const state = stateOf({}).source()
    const executor = await BlockExecutor.create({ ...setup, common, hardfork: 'schedule', state, verify: 'none' })
    return new TransitionTool(rules, new ChainCommons(rulesOf(common, 'schedule')), executor)
  }

  /**
   * @throws InvalidInputError for inputs that are not what they should be, InvalidBlockError for a block that is invalid
   * without any transaction being it
   */
  async run(input: TransitionInput): Promise<Output> {
    const env = environmentOf(input.env)
    const state = stateOf(input.alloc)
    const transactions = transactionsOf(input.txs, this.#rules.chainId)
    const common = this.#commons.at(env.currentNumber, env.currentTimestamp)
    if (this.#rules.reward > 0n && common.consensusType() === ConsensusType.ProofOfStake) {
      throw invalidInput('reward', `is ${this.#rules.reward} wei, but nobody is paid one after the merge: leave it out`)
    }
    await this.#executor.setState(state.source())
    return outputOf(await this.#without(new Map(), { env, state, common, transactions }))
  }

  close(): Promise<void> {
    return this.#executor.close()
  }

  /** @param rejected those that were found invalid so far */
  async #without(
    rejected: Map<number, string>,
    from: { env: Environment; state: PlainState; common: Common; transactions: readonly TransactionItem[] },
  ): Promise<Transition> {
    const { env, state, common, transactions } = from
    // Which blobs fit depends on the transactions before them: this is worked out anew each time.
    const { fitting, tooMany } = withinBlobs(transactions, rejected, common)
    const included = fitting.map(([, item]) => item)
    const header = headerOf(this.#paid(env, state, common, included.length), common, blobGasOf(included, common))
    try {
      const result = await this.#executor.execute(blockOf(header, included, env), {
        generate: true,
        blockHashes: env.blockHashes ?? [],
      })
      state.apply(result.stateDiff)
      return { env, header, included, rejected: new Map([...rejected, ...tooMany]), result, state }
    } catch (error) {
      if (isHashMissing(error)) {
        throw invalidInput('env.blockHashes', (error as Error).message, { cause: error })
      }
      if (!(error instanceof InvalidBlockError) || error.transaction === undefined) throw error
      const [index] = fitting[error.transaction] as Numbered
      return await this.#without(new Map(rejected).set(index, error.message), from)
    }
  }

  /**
   * Where nobody is to be paid and no transaction touches the coinbase, it must not begin to exist as an empty account (before
   * EIP-161): nobody looks at who it is then, and a reward of nothing changes nothing for an account that is there. Only a state without any
   * account gets it all the same.
   */
  #paid(env: Environment, { accounts }: PlainState, common: Common, transactions: number): Environment {
    if (this.#rules.reward >= 0n || transactions > 0 || common.gteHardfork('spuriousDragon')) return env
    const [some] = accounts.keys()
    return some === undefined ? env : { ...env, currentCoinbase: Buffer.from(some.slice(2), 'hex') }
  }
}

/** The transactions that are left, without those whose blobs do not fit any more (EIP-4844). */
function withinBlobs(
  transactions: readonly TransactionItem[],
  rejected: ReadonlyMap<number, string>,
  common: Common,
): { fitting: Numbered[]; tooMany: [number, string][] } {
  const fitting: Numbered[] = []
  const tooMany: [number, string][] = []
  const blobs = common.isActivatedEIP(4844)
  const most = blobs ? common.getBlobGasSchedule().maxBlobGasPerBlock / common.param('blobGasPerBlob') : 0n
  let used = 0n
  for (const [index, item] of transactions.entries()) {
    if (rejected.has(index)) continue
    const wanted = blobs ? BigInt(blobsOf(item)) : 0n
    if (used + wanted > most) {
      tooMany.push([index, `its ${wanted} blobs are too many: ${used} of ${most} are in the block`])
      continue
    }
    used += wanted
    fitting.push([index, item])
  }
  return { fitting, tooMany }
}

function blobGasOf(transactions: readonly TransactionItem[], common: Common): bigint {
  if (!common.isActivatedEIP(4844)) return 0n
  return transactions.reduce((sum, item) => sum + BigInt(blobsOf(item)), 0n) * common.param('blobGasPerBlob')
}

function blockOf(header: BlockHeader, transactions: readonly TransactionItem[], env: Environment): Uint8Array {
  const { common } = header
  const uncles = (env.ommers ?? []).map(({ delta, address }) => uncleOf(env, common, delta, address).raw())
  if (common.isActivatedEIP(4895) && env.withdrawals === undefined) {
    throw invalidInput('env.withdrawals', `is missing; blocks of ${common.hardfork()} have them, maybe none: []`)
  }
  const withdrawals = (env.withdrawals ?? []).map((one) => [one.index, one.validatorIndex, one.address, one.amount])
  const parts: unknown[] = [header.raw(), transactions, uncles]
  if (common.isActivatedEIP(4895)) parts.push(withdrawals)
  return RLP.encode(parts as never)
}
