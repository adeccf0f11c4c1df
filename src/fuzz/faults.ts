// Transactions that must not be in a block: each breaks one rule.

import { Refusal, Rules } from '../abi/core.generated.js'
import type { Random } from '../workloads/random.js'
import type { Wallet } from '../workloads/wallet.js'
import { BASE_FEE, GAS_LIMIT } from './header.js'
import { CHAIN_ID, type Draft, type TransactionType, typesOf } from './transactions.js'

export interface Fault {
  /** The rule, as the core names it ({@link Refusal}). */
  refusal: number
  /** First and last rules that refuse it for that reason. */
  since: number
  until?: number
  /** Types that can break it. */
  types: readonly TransactionType[]
  apply(draft: Draft, contract: Wallet): void
}

const ANY = [0, 1, 2, 3, 4] as const
const PRICED = [2, 3, 4] as const

const FAULTS: readonly Fault[] = [
  fault(Refusal.NONCE_TOO_HIGH, Rules.FRONTIER, ANY, (draft) => {
    draft.nonce++
  }),
  fault(Refusal.NONCE_TOO_LOW, Rules.FRONTIER, ANY, (draft) => {
    draft.nonce = draft.nonce === 0n ? 1n : draft.nonce - 1n
  }),
  fault(Refusal.INTRINSIC_GAS_TOO_LOW, Rules.FRONTIER, ANY, ({ fields }) => {
    // Below what any transaction costs, under any rules.
    fields.gasLimit = 11_999n
  }),
  fault(Refusal.INSUFFICIENT_FUNDS, Rules.FRONTIER, ANY, ({ fields }) => {
    fields.value = 2n ** 100n
  }),
  {
    ...fault(Refusal.GAS_LIMIT_ABOVE_BLOCK, Rules.FRONTIER, ANY, ({ fields }) => {
      fields.gasLimit = GAS_LIMIT + 1n
    }),
    until: Rules.PRAGUE,
  },
  // From Amsterdam on the cap is above what the block has.
  fault(Refusal.GAS_LIMIT_ABOVE_BLOCK, Rules.AMSTERDAM, ANY, ({ fields }) => {
    fields.gasLimit = GAS_LIMIT + 1n
  }),
  {
    ...fault(Refusal.GAS_LIMIT_ABOVE_CAP, Rules.OSAKA, ANY, ({ fields }) => {
      fields.gasLimit = 2n ** 24n + 1n
    }),
    until: Rules.OSAKA,
  },
  fault(Refusal.WRONG_CHAIN, Rules.SPURIOUS_DRAGON, ANY, (draft) => {
    draft.chainId = CHAIN_ID + 1n
  }),
  { ...fault(Refusal.TYPE_NOT_SUPPORTED, Rules.FRONTIER, [1], () => {}), until: Rules.ISTANBUL },
  { ...fault(Refusal.TYPE_NOT_SUPPORTED, Rules.FRONTIER, [2], () => {}), until: Rules.BERLIN },
  { ...fault(Refusal.TYPE_NOT_SUPPORTED, Rules.LONDON, [3], () => {}), until: Rules.SHANGHAI },
  { ...fault(Refusal.TYPE_NOT_SUPPORTED, Rules.LONDON, [4], () => {}), until: Rules.CANCUN },
  fault(Refusal.FEE_BELOW_BASE_FEE, Rules.LONDON, ANY, ({ prices }) => {
    prices.maxFee = BASE_FEE - 1n
    prices.priorityFee = 0n
  }),
  fault(Refusal.PRIORITY_ABOVE_MAX_FEE, Rules.LONDON, PRICED, ({ prices }) => {
    prices.priorityFee = prices.maxFee + 1n
  }),
  fault(Refusal.SENDER_NOT_EOA, Rules.LONDON, ANY, (draft, contract) => {
    draft.sender = contract
    draft.nonce = contract.nonce
  }),
  {
    ...fault(Refusal.TX_INIT_CODE_TOO_LONG, Rules.SHANGHAI, [0, 1, 2], ({ fields }) => {
      delete fields.to
      fields.data = new Uint8Array(49_153)
      fields.gasLimit = 1_000_000n
    }),
    until: Rules.OSAKA,
  },
  fault(Refusal.TX_INIT_CODE_TOO_LONG, Rules.AMSTERDAM, [0, 1, 2], ({ fields }) => {
    delete fields.to
    fields.data = new Uint8Array(131_073)
    fields.gasLimit = 10_000_000n
  }),
  fault(Refusal.NO_BLOBS, Rules.CANCUN, [3], ({ fields }) => {
    fields.blobVersionedHashes = []
  }),
  fault(Refusal.TOO_MANY_BLOBS, Rules.CANCUN, [3], ({ fields }) => {
    const [hash] = fields.blobVersionedHashes as [Uint8Array]
    fields.blobVersionedHashes = Array.from({ length: 50 }, () => hash)
  }),
  fault(Refusal.BLOB_HASH_VERSION, Rules.CANCUN, [3], ({ fields }) => {
    fields.blobVersionedHashes = [new Uint8Array(32)]
  }),
  fault(Refusal.BLOB_FEE_TOO_LOW, Rules.CANCUN, [3], ({ prices }) => {
    prices.maxFeePerBlobGas = 0n
  }),
  fault(Refusal.BLOB_TX_CREATES, Rules.CANCUN, [3], ({ fields }) => {
    delete fields.to
    fields.gasLimit += 100_000n
  }),
  fault(Refusal.FLOOR_GAS_TOO_LOW, Rules.PRAGUE, [0, 1, 2, 3], ({ fields }) => {
    fields.to ??= new Uint8Array(20)
    delete fields.accessList
    fields.data = new Uint8Array(1000).fill(1)
    fields.gasLimit = 50_000n
  }),
  fault(Refusal.NO_AUTHORISATIONS, Rules.PRAGUE, [4], ({ fields }) => {
    fields.authorizations = []
  }),
  fault(Refusal.SET_CODE_TX_CREATES, Rules.PRAGUE, [4], ({ fields }) => {
    delete fields.to
    fields.gasLimit += 100_000n
  }),
]

function fault(refusal: number, since: number, types: Fault['types'], apply: Fault['apply']): Fault {
  return { refusal, since, types, apply }
}

/** A rule that the fork has, on types that it has (unless lacking the type is the fault). */
export function pickFault(random: Random, rules: number): Fault {
  const types = new Set(typesOf(rules))
  return random.pick(
    FAULTS.filter(({ since, until = rules }) => since <= rules && rules <= until).map((each) => {
      const own = each.types.filter((type) => types.has(type))
      return own.length > 0 ? { ...each, types: own } : each
    }),
  )
}
