// A block of a file as a node would have it: the block, its parent, and the state between them.
import { RLP } from '@ethereumjs/rlp'
import { bytesToHex, hexToBytes, KECCAK256_NULL, KECCAK256_RLP } from '@ethereumjs/util'
import { keccak_256 } from '@noble/hashes/sha3.js'
import type { BlockCase } from '../../src/blockFiles/index.js'
import { HEADER_FIELDS } from '../../src/blockFiles/rpcBlock.js'
import type { PreStateReader } from '../../src/reference/flatState.js'
import { preStateReader } from '../../src/reference/preState.js'
import { decodeNode, type Node, walk } from '../../src/rpc/trieWalk.js'

type Hex = `0x${string}`
type Item = Uint8Array | Item[]

/** What a node refuses with. */
export class Refused extends Error {
  readonly code: number
  constructor(code: number, message: string) {
    super(message)
    this.code = code
  }
}

export interface Account {
  nonce: bigint
  balance: bigint
  code: Uint8Array
}

/** What a fixture knows: a block that has a witness, or plain accounts. */
export class RpcChain {
  readonly block: BlockCase
  readonly #reader: PreStateReader
  readonly #nodes = new Map<string, Uint8Array>()
  readonly header: Uint8Array[]
  readonly parent: Uint8Array[]

  constructor(block: BlockCase) {
    this.block = block
    this.#reader = preStateReader(block.preState)
    const [header] = RLP.decode(block.blockRlp) as unknown as [Uint8Array[]]
    this.header = header
    const parent = block.parentHeaders[0]
    // A flat block file has no headers: one with the right number will do, and nobody can prove anything from it.
    this.parent = parent
      ? (RLP.decode(parent) as Uint8Array[])
      : header.with(8, number(block.number - 1n)).with(3, KECCAK256_RLP)
    if (block.preState.kind === 'witness')
      for (const node of block.preState.nodes) this.#nodes.set(name(keccak_256(node)), node)
  }

  get parentHash(): Hex {
    return bytesToHex(this.header[0]!)
  }

  get hash(): Hex {
    return bytesToHex(keccak_256(RLP.encode(this.header)))
  }

  /** As eth_getBlockByNumber answers. Undefined: there is no such block. */
  json(which: string): Record<string, unknown> | undefined {
    const { block } = this
    if (which === 'latest' || which === this.hash || which === quantity(block.number)) {
      const [, transactions, , withdrawals] = RLP.decode(block.blockRlp) as unknown as [
        Item,
        Item[],
        Item[],
        Uint8Array[][]?,
      ]
      return {
        ...headerJson(this.header),
        hash: this.hash,
        uncles: [],
        transactions: transactions.map(transactionJson),
        ...(withdrawals && { withdrawals: withdrawals.map(withdrawalJson) }),
      }
    }
    if (which === this.parentHash || which === quantity(block.number - 1n)) {
      return { ...headerJson(this.parent), hash: this.parentHash, uncles: [], transactions: [] }
    }
    return undefined
  }

  account(address: Uint8Array): Account | undefined {
    const account = this.#known(() => this.#reader.account(address))
    if (account === undefined) return undefined
    const { nonce, balance, codeHash } = account
    const empty = Buffer.compare(codeHash, KECCAK256_NULL) === 0
    return { nonce, balance, code: empty ? NONE : this.#known(() => this.#reader.code(codeHash)) }
  }

  storage(address: Uint8Array, key: Uint8Array): Uint8Array {
    const value = this.#known(() => this.#reader.storage(address, key))
    return new Uint8Array([...new Uint8Array(32 - value.length), ...value])
  }

  /** As eth_getProof answers. */
  proof(address: Uint8Array, keys: readonly Uint8Array[]) {
    const { preState } = this.block
    if (preState.kind !== 'witness') throw new Refused(-32000, 'a flat state has no proofs')
    const { value, proof } = this.#path(preState.root, address)
    const [nonce, balance, root, codeHash] = value
      ? (RLP.decode(value) as Uint8Array[])
      : [NONE, NONE, KECCAK256_RLP, KECCAK256_NULL]
    return {
      address: bytesToHex(address),
      accountProof: proof,
      nonce: quantity(toNumber(nonce!)),
      balance: quantity(toNumber(balance!)),
      codeHash: bytesToHex(codeHash!),
      storageHash: bytesToHex(root!),
      storageProof: keys.map((key) => {
        const { value: slot, proof } = this.#path(root!, key)
        return { key: bytesToHex(key), value: slot ? quantity(toNumber(RLP.decode(slot) as Uint8Array)) : '0x0', proof }
      }),
    }
  }

  #path(root: Uint8Array, key: Uint8Array): { value: Uint8Array | undefined; proof: Hex[] } {
    const proof: Hex[] = []
    const take = (hash: Uint8Array): Node | undefined => {
      const node = this.#nodes.get(name(hash))
      if (node === undefined) return undefined
      proof.push(bytesToHex(node))
      return decodeNode(node)
    }
    try {
      return { value: walk(root, keccak_256(key), take, () => new Refused(-32000, 'missing trie node')), proof }
    } catch {
      // Not what a node would do: of what follows from a guess the file need not have the nodes.
      return { value: undefined, proof }
    }
  }

  #known<T>(read: () => T): T {
    try {
      return read()
    } catch (error) {
      throw new Refused(-32000, `missing trie node: ${(error as Error).message}`)
    }
  }
}

const NONE = new Uint8Array(0)
const name = (hash: Uint8Array): string => Buffer.from(hash).toString('hex')
export const toNumber = (bytes: Uint8Array): bigint => (bytes.length === 0 ? 0n : BigInt(bytesToHex(bytes)))
export const quantity = (value: bigint): Hex => `0x${value.toString(16)}`
const number = (value: bigint): Uint8Array =>
  hexToBytes(`0x${value.toString(16).padStart(2 * Math.ceil(value.toString(16).length / 2), '0')}`)

export function headerJson(header: readonly Uint8Array[]): Record<string, unknown> {
  return Object.fromEntries(
    header.map((value, i) => {
      const [field, kind] = HEADER_FIELDS[i]!
      return [field, kind === 'quantity' ? quantity(toNumber(value)) : bytesToHex(value)]
    }),
  )
}

function withdrawalJson([index, validatorIndex, address, amount]: Uint8Array[]) {
  return {
    index: quantity(toNumber(index!)),
    validatorIndex: quantity(toNumber(validatorIndex!)),
    address: bytesToHex(address!),
    amount: quantity(toNumber(amount!)),
  }
}

/** The fields of each type of transaction, in the order of its RLP. */
const COMMON = ['gas', 'to', 'value', 'input']
const SIGNATURE = ['yParity', 'r', 's']
const FEES = ['maxPriorityFeePerGas', 'maxFeePerGas']
const FIELDS = [
  ['nonce', 'gasPrice', ...COMMON, 'v', 'r', 's'],
  ['chainId', 'nonce', 'gasPrice', ...COMMON, 'accessList', ...SIGNATURE],
  ['chainId', 'nonce', ...FEES, ...COMMON, 'accessList', ...SIGNATURE],
  ['chainId', 'nonce', ...FEES, ...COMMON, 'accessList', 'maxFeePerBlobGas', 'blobVersionedHashes', ...SIGNATURE],
  ['chainId', 'nonce', ...FEES, ...COMMON, 'accessList', 'authorizationList', ...SIGNATURE],
]

function transactionJson(item: Item): Record<string, unknown> {
  const type = item instanceof Uint8Array ? item[0]! : 0
  const values = (item instanceof Uint8Array ? RLP.decode(item.subarray(1)) : item) as Item[]
  const fields = FIELDS[type]!.map((field, i) => [field, fieldJson(field, values[i]!)])
  return { type: quantity(BigInt(type)), ...Object.fromEntries(fields) }
}

function fieldJson(field: string, value: Item): unknown {
  if (field === 'accessList') {
    return (value as [Uint8Array, Uint8Array[]][]).map(([address, keys]) => ({
      address: bytesToHex(address),
      storageKeys: keys.map(bytesToHex),
    }))
  }
  if (field === 'blobVersionedHashes') return (value as Uint8Array[]).map(bytesToHex)
  if (field === 'authorizationList') {
    return (value as Uint8Array[][]).map(([chainId, address, nonce, yParity, r, s]) => ({
      chainId: quantity(toNumber(chainId!)),
      address: bytesToHex(address!),
      nonce: quantity(toNumber(nonce!)),
      yParity: quantity(toNumber(yParity!)),
      r: quantity(toNumber(r!)),
      s: quantity(toNumber(s!)),
    }))
  }
  const bytes = value as Uint8Array
  if (field === 'input') return bytesToHex(bytes)
  if (field === 'to') return bytes.length === 0 ? null : bytesToHex(bytes)
  return quantity(toNumber(bytes))
}
