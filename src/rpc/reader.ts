// A state of a node as values: plain, as the node says them, or proven from the state root.
import { bytesToHex, KECCAK256_NULL } from '@ethereumjs/util'
import { hex, padded32, sameBytes } from '../bytes.js'
import { BALANCE, CODE, NODE, NONCE, PROOF, read, WORD } from './answers.js'
import type { AnswerCache } from './cache.js'
import type { RpcClient } from './client.js'
import { RpcError } from './errors.js'
import type { PinnedBlock } from './pin.js'
import { falseClaim, type Keccak, ProvenState } from './proofs.js'

export interface ReadAccount {
  nonce: bigint
  balance: bigint
  codeHash?: Uint8Array
  storageRoot?: Uint8Array
  code?: Uint8Array
}

/** Where values come from: the same for both ways of asking. */
export interface ValueReader {
  account(address: Uint8Array): Promise<ReadAccount | undefined>
  /** 32 bytes. */
  storage(address: Uint8Array, key: Uint8Array): Promise<Uint8Array>
}

/** Calls about one block, answered from the cache where they were before. */
class BlockCalls {
  readonly client: RpcClient
  readonly #at: { blockHash: string }
  readonly #cache: AnswerCache | undefined

  constructor(client: RpcClient, block: PinnedBlock, cache: AnswerCache | undefined) {
    this.client = client
    // EIP-1898: a number would be another block after a reorganisation.
    this.#at = { blockHash: bytesToHex(block.hash) }
    this.#cache = cache
  }

  /** `params`: without the block. */
  async call(method: string, params: readonly unknown[]): Promise<unknown> {
    const cache = this.#cache
    if (cache === undefined) return this.client.call(method, [...params, this.#at])
    const key = `${method} ${JSON.stringify(params)}`
    const known = cache.get(key)
    if (known !== undefined) return known
    const answer = await this.client.call(method, [...params, this.#at])
    // Only what is an answer is kept: a node may say null while it is still looking for its state.
    if (answer !== null) cache.set(key, answer)
    return answer
  }

  async value<T>(shape: Parameters<typeof read<T>>[0], method: string, params: readonly unknown[]): Promise<T> {
    return read(shape, await this.call(method, params), this.client.server, method)
  }

  code(address: string): Promise<Uint8Array> {
    return this.value(CODE, 'eth_getCode', [address])
  }
}

/** Believes the node. */
export class PlainReader implements ValueReader {
  readonly #calls: BlockCalls
  readonly #keccak: Keccak

  constructor(client: RpcClient, block: PinnedBlock, cache: AnswerCache | undefined, keccak: Keccak) {
    this.#calls = new BlockCalls(client, block, cache)
    this.#keccak = keccak
  }

  async account(address: Uint8Array): Promise<ReadAccount | undefined> {
    const at = bytesToHex(address)
    const [balance, nonce, code] = await Promise.all([
      this.#calls.value(BALANCE, 'eth_getBalance', [at]),
      this.#calls.value(NONCE, 'eth_getTransactionCount', [at]),
      this.#calls.code(at),
    ])
    // An empty account cannot be told from none; since EIP-161 there are none.
    if (nonce === 0n && balance === 0n && code.length === 0) return undefined
    return { nonce, balance, ...(code.length > 0 && { code, codeHash: this.#keccak(code) }) }
  }

  storage(address: Uint8Array, key: Uint8Array): Promise<Uint8Array> {
    return this.#calls.value(WORD, 'eth_getStorageAt', [bytesToHex(address), bytesToHex(padded32(key))])
  }
}

/** Most slots of an account in one call; clients have limits. */
const MOST_KEYS = 256

interface Question {
  keys: Map<string, Uint8Array>
  answer: Promise<Slots>
}

/** Slots of an account as the node says that they are. */
interface Slots {
  /** Of the storage trie, proven; undefined: there is no such account. */
  root: Uint8Array | undefined
  claims: Map<string, Uint8Array>
}

/** Takes nothing for true that does not follow from the state root. */
export class ProvenReader implements ValueReader {
  readonly state: ProvenState
  /** Codes that were read, by hash. */
  readonly codes = new Map<string, Uint8Array>()
  readonly #calls: BlockCalls
  /** By address: what is asked for in this turn of the event loop. */
  #questions = new Map<string, Question>()
  /** Accounts that were told without their code. */
  readonly #withoutCode = new Set<string>()
  readonly #keccak: Keccak

  constructor(client: RpcClient, block: PinnedBlock, cache: AnswerCache | undefined, keccak: Keccak) {
    this.#calls = new BlockCalls(client, block, cache)
    this.#keccak = keccak
    this.state = new ProvenState(block.stateRoot, keccak)
  }

  async account(address: Uint8Array): Promise<ReadAccount | undefined> {
    const at = bytesToHex(address)
    const [code] = await Promise.all([this.#codeOf(at), this.#ask(at)])
    const account = this.#proven(at, () => this.state.account(address))
    if (account === undefined) return undefined
    if (sameBytes(account.codeHash, KECCAK256_NULL)) return account
    if (code === undefined) return account
    if (!sameBytes(this.#keccak(code), account.codeHash)) {
      throw this.#wrong(
        'eth_getCode',
        `the code of ${at} has not the hash ${bytesToHex(account.codeHash)} of its account`,
      )
    }
    this.codes.set(hex(account.codeHash), code)
    return { ...account, code }
  }

  /** A code that cannot be had is missed only by who runs it, and asks again then. */
  async #codeOf(at: string): Promise<Uint8Array | undefined> {
    try {
      return await this.#calls.code(at)
    } catch (error) {
      if (this.#withoutCode.has(at)) throw error
      this.#withoutCode.add(at)
      return undefined
    }
  }

  async storage(address: Uint8Array, key: Uint8Array): Promise<Uint8Array> {
    const at = bytesToHex(address)
    const slot = padded32(key)
    const { root, claims } = await this.#ask(at, slot)
    if (root === undefined) return new Uint8Array(32)
    const value = this.#proven(at, () => this.state.slot(root, slot))
    const claim = claims.get(hex(slot))
    if (claim !== undefined && sameBytes(claim, value)) return value
    throw this.#wrong('eth_getProof', `the slot ${bytesToHex(slot)} of ${at} has not the value that its proof proves`)
  }

  #add(proof: readonly string[]): void {
    this.state.add(proof, (text) => read(NODE, text, this.#calls.client.server, 'eth_getProof'))
  }

  #proven<T>(at: string, prove: () => T): T {
    try {
      return prove()
    } catch (error) {
      throw this.#wrong('eth_getProof', `the proof for ${at} proves nothing: ${(error as Error).message}`)
    }
  }

  #wrong(method: string, problem: string): RpcError {
    return new RpcError('RPC_WRONG_PROOF', this.#calls.client.server, method, `${problem}; do not trust this node`)
  }

  /** Slots of the same account go in one call. */
  #ask(at: string, key?: Uint8Array): Promise<Slots> {
    let question = this.#questions.get(at)
    if (question === undefined || question.keys.size >= MOST_KEYS) {
      const keys = new Map<string, Uint8Array>()
      const answer = new Promise<Slots>((resolve, reject) => {
        // Of this turn's end: by then everything that comes with the same message is known.
        queueMicrotask(() => {
          if (this.#questions.get(at)?.keys === keys) this.#questions.delete(at)
          this.#fetch(at, keys).then(resolve, reject)
        })
      })
      question = { keys, answer }
      this.#questions.set(at, question)
    }
    if (key !== undefined) question.keys.set(hex(key), key)
    return question.answer
  }

  async #fetch(at: string, keys: ReadonlyMap<string, Uint8Array>): Promise<Slots> {
    const asked = [...keys.values()].map(bytesToHex)
    const { accountProof, storageProof = [], ...claim } = await this.#calls.value(PROOF, 'eth_getProof', [at, asked])
    this.#add(accountProof)
    const account = this.#proven(at, () => this.state.account(Buffer.from(at.slice(2), 'hex')))
    const lie = falseClaim(claim, account)
    if (lie !== undefined) throw this.#wrong('eth_getProof', `the ${lie} of ${at} is not the one that its proof proves`)
    for (const { proof } of storageProof) this.#add(proof)
    return { root: account?.storageRoot, claims: new Map(storageProof.map(({ key, value }) => [hex(key), value])) }
  }
}
