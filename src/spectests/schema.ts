// The shapes of the official tests, as far as they are read (json.ts has the same as types).
import { RLP } from '@ethereumjs/rlp'
import { hexToBytes } from '@ethereumjs/util'
import type { Hex, PostEntry, StateTest } from './json.js'
import { all, either, fault, list, matching, object, optional, orNull, record, type Shape } from './shape.js'

const MIN_HEADER_FIELDS = 15

const bytes = matching(/^0x(?:[\da-fA-F]{2})*$/, '0x and an even number of hex digits')
const bytesOf = (length: number): Shape =>
  matching(new RegExp(`^0x[\\da-fA-F]{${2 * length}}$`), `${length} bytes of 0x hex`)
/** Classic tests mark those of more than 32 bytes; that they are too large is what the test is about. */
const quantity = matching(/^(?:0x:bigint )?0x[\da-fA-F]+$|^0x$|^$/, 'a quantity in 0x hex')
const word = matching(/^0x[\da-fA-F]{1,64}$/, 'at most 32 bytes of 0x hex')
const wordOrNothing = matching(/^0x[\da-fA-F]{0,64}$/, 'at most 32 bytes of 0x hex')
const text = matching(/./s, 'a name')
const recipient = matching(/^$|^0x[\da-fA-F]{40}$/, '20 bytes of 0x hex or an empty string')
const anything: Shape = () => {}
const address = bytesOf(20)
const hash = bytesOf(32)

/** A genesis block: it must decode, and its header must have the fields up to the state root. */
const blockRlp: Shape = (value, path) => {
  let decoded: unknown
  try {
    decoded = RLP.decode(hexToBytes(value as Hex))
  } catch {
    throw fault(path, 'RLP', value)
  }
  const header = Array.isArray(decoded) ? decoded[0] : undefined
  if (!Array.isArray(header) || header.length < MIN_HEADER_FIELDS) throw fault(path, 'the RLP of a block', value)
}

const state = record(
  address,
  object({ nonce: quantity, balance: quantity, code: bytes, storage: record(wordOrNothing, wordOrNothing) }),
)
const blobs = object({ target: quantity, max: quantity, baseFeeUpdateFraction: quantity })
const config = optional(object({ chainid: optional(quantity), blobSchedule: optional(record(text, blobs)) }))

const authorisation = all(
  object({ chainId: quantity, address, nonce: quantity, r: quantity, s: quantity }),
  either(object({ yParity: quantity }), object({ v: quantity }), (value) => 'yParity' in (value as object)),
)
const transaction = object({
  nonce: quantity,
  gasPrice: optional(quantity),
  maxFeePerGas: optional(quantity),
  maxPriorityFeePerGas: optional(quantity),
  maxFeePerBlobGas: optional(quantity),
  blobVersionedHashes: optional(list(hash)),
  gasLimit: list(quantity),
  value: list(quantity),
  data: list(bytes),
  accessLists: optional(list(orNull(list(object({ address, storageKeys: list(word) }))))),
  authorizationList: optional(list(authorisation)),
  to: recipient,
  sender: optional(address),
  secretKey: optional(word),
})

const index: Shape = (value, path) => {
  if (!Number.isSafeInteger(value) || (value as number) < 0) throw fault(path, 'the number of an entry', value)
}
const entry = object({
  hash,
  logs: hash,
  indexes: object({ data: index, gas: index, value: index }),
  expectException: optional(text),
  txbytes: optional(bytes),
  state: optional(state),
})

const stateShape = object({
  env: all(
    object({
      currentCoinbase: address,
      currentNumber: quantity,
      currentTimestamp: quantity,
      currentGasLimit: quantity,
    }),
    record(
      text,
      either(quantity, anything, (value) => typeof value === 'string'),
    ),
  ),
  pre: state,
  transaction,
  post: record(text, list(entry)),
  config,
})

/** @throws UnusableTestError */
export const stateTest: Shape = (value, path) => {
  stateShape(value, path)
  const { transaction: tx, post } = value as StateTest
  for (const [fork, entries] of Object.entries(post)) {
    for (const [at, { indexes }] of entries.entries()) checkIndexes(tx, indexes, `${path}.post.${fork}[${at}].indexes`)
  }
}

/** They choose from the transaction's lists. */
function checkIndexes(tx: StateTest['transaction'], indexes: PostEntry['indexes'], path: string): void {
  for (const [field, from] of [
    ['data', tx.data],
    ['gas', tx.gasLimit],
    ['value', tx.value],
  ] as const) {
    const wanted = `one of ${from.length} entries of the transaction`
    if (indexes[field] >= from.length) throw fault(`${path}.${field}`, wanted, indexes[field])
  }
}

/** @throws UnusableTestError */
export const blockTest: Shape = object({
  network: text,
  pre: state,
  genesisRLP: all(bytes, blockRlp),
  genesisBlockHeader: object({ hash, stateRoot: hash }),
  // A block whose bytes are no RLP, or no bytes at all, is a case of its own: it must be refused.
  blocks: list(object({ rlp: bytes, blockAccessListRlp: optional(bytes) })),
  lastblockhash: hash,
  postState: optional(state),
  postStateHash: optional(hash),
  config,
})
