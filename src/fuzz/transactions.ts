// Random transactions of every type that a fork has.

import { RLP } from '@ethereumjs/rlp'
import { keccak_256 } from '@noble/hashes/sha3.js'
import { signRecoverable } from 'tiny-secp256k1'
import { Rules } from '../abi/core.generated.js'
import { toBigInt, toBytes } from '../bytes.js'
import type { Random } from '../workloads/random.js'
import { BUILDER_CONTRACTS, systemContract } from '../workloads/systemContracts.js'
import { type Prices, signAuthorization, signTransaction, type TransactionFields } from '../workloads/transaction.js'
import { plainAddress, type Wallet } from '../workloads/wallet.js'
import { BASE_FEE, type Item } from './header.js'
import { precompileAddress, precompileInput } from './precompileInputs.js'
import { ProgramBuilder, type ProgramContext } from './program.js'

export type TransactionType = TransactionFields['type']

/** All that is signed. */
export interface Draft {
  sender: Wallet
  chainId: bigint
  nonce: bigint
  fields: TransactionFields
  prices: Prices
}

export const CHAIN_ID = 1n
export const SECP256K1_ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n
export const MOST_BLOBS = 3
/** What a builder's deposit must bring besides the fee: 1 ether, told in gwei (EIP-8282). */
const DEPOSIT_GWEI = 10n ** 9n
const GWEI = 10n ** 9n

/** Makes transactions to the accounts of a scene. */
export class TransactionMaker {
  readonly #random: Random
  readonly #context: ProgramContext
  readonly #authorities: readonly Wallet[]
  readonly #delegates: readonly Uint8Array[]

  /** @param delegates contracts whose code authorities may take on */
  constructor(
    random: Random,
    context: ProgramContext,
    authorities: readonly Wallet[],
    delegates: readonly Uint8Array[],
  ) {
    this.#random = random
    this.#context = context
    this.#authorities = authorities
    this.#delegates = [...delegates, new Uint8Array(20), plainAddress(1, 'fuzz nobody', 1), toBytes(1n, 20)]
  }

  /** Takes the sender's next nonce. @param wanted of this type */
  draft(sender: Wallet, wanted?: TransactionType): Draft {
    const nonce = sender.nonce++
    const fields = this.#fields(wanted ?? this.#random.pick(typesOf(this.#context.rules)))
    return { sender, chainId: CHAIN_ID, nonce, fields, prices: this.#prices() }
  }

  sign({ sender, chainId, nonce, fields, prices }: Draft): Item {
    const signer = { ...sender, nonce }
    const old = this.#context.rules < Rules.SPURIOUS_DRAGON || (chainId === CHAIN_ID && this.#random.below(8) === 0)
    if (fields.type === 0 && old) return signOld(signer, fields, prices)
    return signTransaction(chainId, signer, fields, prices)
  }

  #prices(): Prices {
    const [maxFee, priorityFee] = this.#random.pick([
      [1000n, 2n],
      [1000n, 2n],
      [50n, 50n],
      [BASE_FEE, 0n],
      [9n, 5n],
    ] as const)
    return { maxFee, priorityFee, maxFeePerBlobGas: 1000n }
  }

  #fields(type: TransactionType): TransactionFields {
    const random = this.#random
    const { rules, addresses } = this.#context
    const fields: TransactionFields = {
      type,
      value: BigInt(random.below(3) === 0 ? random.below(5) : 0),
      gasLimit: 0n,
    }
    if (type < 3 && random.below(8) === 0) fields.data = new ProgramBuilder(random, this.#context).build()
    else if (random.below(10) === 0) {
      const address = precompileAddress(random, rules)
      fields.to = toBytes(BigInt(address), 20)
      fields.data = precompileInput(random, address)
    } else if (rules >= Rules.CANCUN && random.below(12) === 0) {
      Object.assign(fields, this.#systemCall())
    } else {
      fields.to = random.pick(addresses)
      fields.data = this.#data()
    }
    if (type > 0 && random.below(2) === 0) fields.accessList = this.#accessList()
    if (type === 3)
      fields.blobVersionedHashes = Array.from({ length: 1 + random.below(MOST_BLOBS) }, () => versioned(random))
    if (type === 4) fields.authorizations = this.#authorizations()
    // State gas is dear (EIP-8037): what creates something must come to its end now and then.
    const most = rules >= Rules.AMSTERDAM ? 3_000_000 : 900_000
    fields.gasLimit =
      intrinsicGas(fields, rules) + BigInt(random.below(5) === 0 ? random.below(3000) : random.skewed(most))
    return fields
  }

  /** A request (EIP-7002, EIP-7251, EIP-8282) or a look-up (EIP-4788, EIP-2935) at a contract of the protocol. */
  #systemCall(): Pick<TransactionFields, 'to' | 'data' | 'value'> {
    const random = this.#random
    if (this.#context.rules >= Rules.AMSTERDAM && random.below(3) === 0) return this.#builderRequest()
    const eip = this.#context.rules >= Rules.PRAGUE ? random.pick([7002, 7002, 7251, 7251, 4788, 2935] as const) : 4788
    const to = systemContract(eip)
    // Block n has the timestamp 12 n.
    if (eip === 4788 || eip === 2935)
      return { to, data: toBytes(BigInt(random.below(14) * (eip === 4788 ? 12 : 1)), 32) }
    // Nothing asks for the fee, a wrong length is refused.
    const data = new Uint8Array(random.pick([eip === 7002 ? 56 : 96, eip === 7002 ? 56 : 96, 0, 55]))
    for (let i = 0; i < data.length; i++) data[i] = random.below(256)
    return { to, data, value: BigInt(random.below(6)) }
  }

  #builderRequest(): Pick<TransactionFields, 'to' | 'data' | 'value'> {
    const random = this.#random
    const [deposits, exits] = BUILDER_CONTRACTS.map(({ address }) => address)
    if (random.below(2) === 0) return { to: exits!, data: new Uint8Array(random.pick([48, 48, 0])), value: 3n }
    const data = new Uint8Array(184).fill(1 + random.below(255))
    data.set(toBytes(DEPOSIT_GWEI, 8), 80)
    return { to: deposits!, data, value: DEPOSIT_GWEI * GWEI - 1n + BigInt(random.below(20)) }
  }

  #data(): Uint8Array {
    const bytes = new Uint8Array(this.#random.below(4) === 0 ? 0 : this.#random.below(200))
    for (let i = 0; i < bytes.length; i++) bytes[i] = this.#random.below(3) === 0 ? this.#random.below(256) : 0
    return bytes
  }

  #accessList(): [Uint8Array, Uint8Array[]][] {
    return Array.from({ length: this.#random.below(3) }, () => [
      this.#random.pick(this.#context.addresses),
      Array.from({ length: this.#random.below(3) }, () => toBytes(BigInt(this.#random.below(8)), 32)),
    ])
  }

  #authorizations(): Item[] {
    const all = Array.from({ length: 1 + this.#random.below(2) }, () => this.#authorization())
    // The same again is not valid any more: the nonce moved on.
    return this.#random.below(6) === 0 ? [...all, all[0] as Item] : all
  }

  #authorization(): Item {
    const random = this.#random
    const authority = random.pick(this.#authorities)
    const target = random.pick(this.#delegates)
    const kind = random.below(16)
    if (kind > 3) return signAuthorization(kind === 4 ? 0n : CHAIN_ID, authority, target)
    // None of these is valid: the authority's nonce stays.
    const nonce = kind === 1 ? random.pick([authority.nonce + 1n, 2n ** 64n - 1n]) : authority.nonce
    const signed = signAuthorization(kind === 0 ? 2n : CHAIN_ID, { ...authority, nonce }, target) as Item[]
    const [chainId, address, signedNonce, yParity, r, s] = signed as [
      bigint,
      Uint8Array,
      bigint,
      bigint,
      bigint,
      bigint,
    ]
    if (kind === 2) return [chainId, address, signedNonce, yParity, r, SECP256K1_ORDER - s]
    if (kind === 3) return [chainId, address, signedNonce, random.pick([yParity, 2n, 255n]), 0n, s]
    return signed
  }
}

export function typesOf(rules: number): TransactionType[] {
  const types: TransactionType[] = [0]
  if (rules >= Rules.BERLIN) types.push(1)
  if (rules >= Rules.LONDON) types.push(2, 2)
  if (rules >= Rules.CANCUN) types.push(3)
  if (rules >= Rules.PRAGUE) types.push(4)
  return types
}

/** More than enough for every fork: what is left is decided by chance. */
function intrinsicGas(
  { data = new Uint8Array(0), to, accessList = [], authorizations = [] }: TransactionFields,
  rules: number,
): bigint {
  const keys = accessList.reduce((sum, [, list]) => sum + list.length, 0)
  const creation = to === undefined ? 32_000 + 2 * Math.ceil(data.length / 32) : 0
  const bytes = data.reduce((sum, byte) => sum + (byte === 0 ? 10 : 68), 0)
  const gas = 21_000 + creation + bytes + 25_000 * authorizations.length
  if (rules < Rules.AMSTERDAM) return BigInt(gas + 2400 * accessList.length + 1900 * keys)
  // The floor is of all bytes alike, those of access lists too (EIP-7976, EIP-7981).
  return BigInt(gas + 60 * data.length + 4180 * accessList.length + 4048 * keys)
}

/** Before EIP-155, and without its protection still. */
export function signOld(
  { nonce, key }: Wallet,
  { gasLimit, to = new Uint8Array(0), value = 0n, data = new Uint8Array(0) }: TransactionFields,
  { maxFee }: Prices,
): Item {
  const fields: Item[] = [nonce, maxFee, gasLimit, to, value, data]
  const { signature, recoveryId } = signRecoverable(keccak_256(RLP.encode(fields as never)), key)
  return [...fields, 27n + BigInt(recoveryId), toBigInt(signature.subarray(0, 32)), toBigInt(signature.subarray(32))]
}

function versioned(random: Random): Uint8Array {
  const hash = toBytes(BigInt(random.u32()), 32)
  hash[0] = 1
  return hash
}
