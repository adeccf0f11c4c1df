// Chains of blocks in which accounts come and go: every pair of events, within a transaction, in two transactions of a block,
// and in two blocks; from every state that an account can be in. And the same with fee recipients, uncles and RIPEMD-160.
import { createBlockHeader } from '@ethereumjs/block'
import { RLP } from '@ethereumjs/rlp'
import { keccak_256 } from '@noble/hashes/sha3.js'
import { signRecoverable } from 'tiny-secp256k1'
import { toBigInt } from '../../../src/bytes.js'
import { PlainState } from '../../../src/spectests/plainState.js'
import { signAuthorization, signTransaction } from '../../../src/workloads/transaction.js'
import { plainAddress, type Wallet, wallet } from '../../../src/workloads/wallet.js'
import { create2Address, createAddress } from '../bytecode.js'
import { commonAt } from '../engines.js'
import { unhex } from '../mapState.js'
import { BASE_FEE, ETHER, FORKS } from '../scenario.js'
import { EVENTS, type Event, type Fork, type Helpers, has, probe, type Subject } from './events.js'
import { director, FAILING, INIT_CODE, maker, type Step, SUBJECT, steps, TESTATOR } from './programs.js'

export interface LifeBlock {
  rlp: Uint8Array
  senders: Uint8Array[]
  /** For other clients: what the RLP says. */
  number: bigint
  coinbase: Uint8Array
  transactions: Item[]
  withdrawals: [address: Uint8Array, gwei: bigint][]
  /** Fee recipients of uncles, one block old. */
  uncles: Uint8Array[]
}

export interface Chain {
  name: string
  fork: Fork
  state: PlainState
  blocks: LifeBlock[]
}

type Item = Uint8Array | bigint | Item[]

/** What an account is before the first block. Empty ones exist only where EIP-161 has not come yet, or outside mainnet. */
export const BIRTHS = ['absent', 'empty', 'storage', 'funded', 'funded storage', 'contract'] as const
export type Birth = (typeof BIRTHS)[number]

export const TIME = 12n
export const GAS_LIMIT = 10n ** 10n
const PRICE = BASE_FEE + 3n
const COINBASE = plainAddress(1, 'life coinbase', 0)
const RIPEMD = unhex('0000000000000000000000000000000000000003')
const SENDERS = 8
const REQUEST_CONTRACTS = ['00000961Ef480Eb55e80D19ad83579A64c007002', '0000BBdDc7CE488642fb579F8B00f3a590007251']
const helpers: Helpers = {
  failing: plainAddress(1, 'life failing', 0),
  testator: plainAddress(1, 'life testator', 0),
  heir: plainAddress(1, 'life heir', 0),
}
const DIRECTOR = plainAddress(1, 'life director', 0)
const DELEGATE = plainAddress(1, 'life delegate', 0)

interface Draft {
  coinbase: Uint8Array
  /** Signed when the chain is built: nonces follow the order of blocks, not that in which they were drafted. */
  transactions: ((sender: Wallet) => Item)[]
  withdrawals: [Uint8Array, bigint][]
  uncles: Uint8Array[]
}

class ChainBuilder {
  readonly state = new PlainState()
  readonly #fork: Fork
  readonly #senders = Array.from({ length: SENDERS }, (_, i) => wallet(1, 'life sender', i))
  readonly #drafts: Draft[] = []
  readonly #authorities = new Map<Uint8Array, Wallet>()
  #subjects = 0

  constructor(fork: Fork) {
    this.#fork = fork
    for (const { address } of this.#senders) this.state.set(address, { balance: 10n ** 6n * ETHER })
    const contract = (address: Uint8Array, code: string) => this.state.set(address, { nonce: 1n, code: unhex(code) })
    contract(helpers.failing, FAILING)
    contract(helpers.testator, TESTATOR)
    contract(DELEGATE, SUBJECT)
    contract(DIRECTOR, director(has(fork, 'petersburg')))
    if (has(fork, 'prague')) for (const address of REQUEST_CONTRACTS) contract(unhex(address), '00')
  }

  draft(index: number): Draft {
    while (this.#drafts.length <= index) {
      this.#drafts.push({ coinbase: COINBASE, transactions: [], withdrawals: [], uncles: [] })
    }
    return this.#drafts[index] as Draft
  }

  subject(birth: Birth, authority = false): Subject {
    const index = this.#subjects++
    const create2 = has(this.#fork, 'petersburg')
    const own = plainAddress(1, 'life maker', index)
    let address = create2 ? create2Address(own, INIT_CODE) : createAddress(own, 1n)
    if (authority) {
      const signer = wallet(1, 'life authority', index)
      address = signer.address
      this.#authorities.set(address, signer)
    } else this.state.set(own, { nonce: 1n, code: unhex(maker(create2)) })
    // No account is empty any more (EIP-7523): the specification has no rule for one.
    const none = has(this.#fork, 'paris')
    this.bear(address, none && birth === 'empty' ? 'funded' : none && birth === 'storage' ? 'funded storage' : birth)
    return { address, maker: own, authority }
  }

  bear(address: Uint8Array, birth: Birth): void {
    if (birth === 'absent') return
    const contract = birth === 'contract'
    const account = this.state.set(address, {
      nonce: contract ? 1n : 0n,
      balance: birth.startsWith('funded') ? 1n : 0n,
      ...(contract && { code: unhex(SUBJECT) }),
    })
    if (!birth.endsWith('storage') && !contract) return
    account.storage.set(slot(1), slot(5))
    account.storage.set(slot(2), slot(6))
  }

  /** @param price wei per gas; the base fee alone leaves the fee recipient nothing */
  direct(block: number, list: readonly Step[], price = PRICE): void {
    const value = list.reduce((sum, step) => sum + (step.value ?? 0n), 0n)
    const gas = list.reduce((sum, step) => sum + BigInt(step.gas), 0n)
    this.send(block, DIRECTOR, value, 200_000n + (gas * 65n) / 64n, steps(list), price)
  }

  send(block: number, to: Uint8Array, value: bigint, gas: bigint, data?: Uint8Array, price = PRICE): void {
    this.draft(block).transactions.push((sender) => {
      const fields: Item[] = [sender.nonce++, price, gas, to, value, data ?? new Uint8Array(0)]
      const { signature, recoveryId } = signRecoverable(keccak_256(RLP.encode(fields as never)), sender.key)
      const [r, s] = [toBigInt(signature.subarray(0, 32)), toBigInt(signature.subarray(32))]
      return [...fields, 27n + BigInt(recoveryId), r, s]
    })
  }

  authorise(block: number, { address }: Subject): void {
    const authority = this.#authorities.get(address) as Wallet
    this.draft(block).transactions.push((sender) => {
      const authorizations = [signAuthorization(1n, authority, DELEGATE)]
      const fields = { type: 4 as const, to: DIRECTOR, gasLimit: 200_000n, authorizations }
      return signTransaction(1n, sender, fields, { maxFee: PRICE, priorityFee: 3n, maxFeePerBlobGas: 1n })
    })
  }

  /** An event that is not part of another transaction. */
  happen(block: number, event: Event, subject: Subject, price = PRICE): void {
    if (event.steps !== undefined) this.direct(block, event.steps(subject, helpers), price)
    else if (event.transfer !== undefined) this.send(block, subject.address, event.transfer, 150_000n, undefined, price)
    else if (event.withdrawal !== undefined) this.draft(block).withdrawals.push([subject.address, event.withdrawal])
    else this.authorise(block, subject)
  }

  together(block: number, subject: Subject, ...events: Event[]): void {
    this.direct(
      block,
      events.flatMap((event) => event.steps?.(subject, helpers) ?? []),
    )
  }

  build(name: string): Chain {
    const common = commonAt(this.#fork)
    const blocks = this.#drafts.map(({ coinbase, transactions: drafts, withdrawals, uncles }, index): LifeBlock => {
      const signers = drafts.map((_, i) => this.#senders[i % SENDERS] as Wallet)
      const transactions = drafts.map((sign, i) => sign(signers[i] as Wallet))
      const senders = signers.map(({ address }) => address)
      const number = BigInt(index + 1)
      const header = createBlockHeader(
        {
          number,
          timestamp: number * TIME,
          gasLimit: GAS_LIMIT,
          coinbase,
          ...(common.isActivatedEIP(1559) ? { baseFeePerGas: BASE_FEE } : {}),
          ...(has(this.#fork, 'paris') ? {} : { difficulty: 131_072n }),
        },
        { common, skipConsensusFormatValidation: true },
      )
      const ommers = uncles.map((address) =>
        createBlockHeader(
          { number: number - 1n, coinbase: address },
          { common, skipConsensusFormatValidation: true },
        ).raw(),
      )
      const parts: Item[] = [header.raw() as Item[], transactions, ommers as Item[]]
      if (has(this.#fork, 'shanghai')) parts.push(withdrawals.map(([to, gwei], i) => [BigInt(i), 1n, to, gwei]))
      return { rlp: RLP.encode(parts as never), senders, number, coinbase, transactions, withdrawals, uncles }
    })
    return { name, fork: this.#fork, state: this.state, blocks }
  }
}

const slot = (value: number): string => `0x${value.toString(16).padStart(64, '0')}`

/** All pairs, a chain for each first event. `turn` says from which state the first of them starts, the others follow. */
export function pairs(fork: Fork, turn: number): Chain[] {
  const events = EVENTS.filter(({ since }) => has(fork, since))
  return events.map((first, index) => pairsOf(fork, first, events, turn + index))
}

function pairsOf(fork: Fork, first: Event, events: readonly Event[], turn: number): Chain {
  const builder = new ChainBuilder(fork)
  // First events of all subjects, then the second ones, then what is seen: other accounts' transactions lie between.
  const later: (() => void)[] = []
  const last: (() => void)[] = []
  let count = turn
  for (const second of events) {
    const only = new Set([first.only, second.only])
    if (only.has('authority') && only.has('made')) continue
    for (const place of ['transaction', 'block', 'next'] as const) {
      if (place === 'transaction' && (first.steps === undefined || second.steps === undefined)) continue
      if (place === 'block' && first.withdrawal !== undefined && second.withdrawal === undefined) continue
      count++
      let birth = BIRTHS[count % BIRTHS.length] as Birth
      const authority = only.has('authority')
      if (authority && birth === 'contract') birth = 'storage'
      const subject = builder.subject(birth, authority)
      const at = place === 'next' ? 1 : 0
      const seen = at + (second.withdrawal !== undefined ? 1 : Math.floor(count / BIRTHS.length) % 2)
      if (place === 'transaction') builder.together(0, subject, first, second)
      else {
        builder.happen(0, first, subject)
        later.push(() => builder.happen(at, second, subject))
      }
      last.push(() => builder.direct(seen, probe(subject)))
    }
  }
  for (const act of [...later, ...last]) act()
  return builder.build(`pairs ${turn}, ${first.name}`)
}

/** Every event on the fee recipient of the block, with fees and without, and on that of an uncle; seen in the next block. */
export function recipients(fork: Fork, turn: number): Chain {
  const builder = new ChainBuilder(fork)
  const free = has(fork, 'london') ? BASE_FEE : 0n
  let block = 0
  let count = turn
  for (const event of EVENTS.filter(({ since, only }) => has(fork, since) && only !== 'authority')) {
    for (const price of [PRICE, free]) {
      const subject = builder.subject(BIRTHS[count++ % BIRTHS.length] as Birth)
      builder.draft(block).coinbase = subject.address
      builder.happen(block, event, subject, price)
      builder.direct(block, probe(subject).slice(0, 1), price)
      builder.direct(block + 1, probe(subject))
      if (!has(fork, 'paris')) {
        const uncle = builder.subject(BIRTHS[count % BIRTHS.length] as Birth)
        builder.draft(block).uncles.push(uncle.address)
        builder.happen(block, event, uncle)
        builder.direct(block + 1, probe(uncle))
      }
      block++
    }
  }
  // Rewards alone.
  for (const birth of BIRTHS) {
    const subject = builder.subject(birth)
    builder.draft(block).coinbase = subject.address
    builder.direct(++block, probe(subject))
  }
  return builder.build(`recipients ${turn}`)
}

/** 0x03 stays touched when the call that touched it fails (block 2,675,119). */
export function ripemd(fork: Fork): Chain[] {
  const self: Subject = { address: RIPEMD, maker: RIPEMD, authority: true }
  const [touched, paid, , touchedInVain, paidInVain, heirToNothing] = EVENTS as [
    Event,
    Event,
    Event,
    Event,
    Event,
    Event,
  ]
  const chains: Chain[] = []
  // From Cancun on go-ethereum, the only judge here, cannot delete a storage any more (EIP-6780).
  for (const birth of has(fork, 'cancun') ? (['empty'] as const) : (['empty', 'storage'] as const)) {
    for (const first of [touched, paid, touchedInVain, paidInVain, heirToNothing, undefined]) {
      const builder = new ChainBuilder(fork)
      builder.bear(RIPEMD, birth)
      // Not enough gas for the precompile.
      if (first === undefined) builder.send(0, RIPEMD, 0n, 21_010n)
      else builder.happen(0, first, self)
      builder.direct(0, probe(self).slice(0, 1))
      builder.happen(1, paid, self)
      builder.direct(1, probe(self).slice(0, 1))
      chains.push(builder.build(`ripemd ${birth}, ${first?.name ?? 'out of gas'}`))
    }
  }
  return chains
}

/**
 * All chains of a fork. With each pair in each place two of the six states are met, in the next fork two others: three forks
 * in a row meet them all.
 */
export function chainsOf(fork: Fork): Chain[] {
  const turn = FORKS.indexOf(fork) % 3
  return [...pairs(fork, turn), ...pairs(fork, turn + 3), recipients(fork, turn), ...ripemd(fork)]
}
