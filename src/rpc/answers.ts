// What a node answers is as little to be trusted as any other input.
import { anyBytes, bytes, quantity, word } from '../door/bytes.js'
import { that } from '../door/choices.js'
import { list, optional, picked } from '../door/compounds.js'
import { Mismatch } from '../door/errors.js'
import type { Shape } from '../door/shape.js'
import { RpcError } from './errors.js'

const hash = bytes(32)
const proof = list(
  'trie nodes',
  that('the RLP of a trie node, in hex', (value) => typeof value === 'string'),
)

export const HASH = hash
/** Of a proof. */
export const NODE = anyBytes('the RLP of a trie node')
export const CODE = anyBytes('the bytes of a code')
export const WORD = word
export const NONCE = quantity(64)
export const BALANCE = quantity(256)
export const CHAIN_ID = quantity(64)

/** Of eth_getBlockBy…: what pins a state. */
export const BLOCK = picked('a block', 'property', { number: quantity(64), hash, stateRoot: hash, parentHash: hash })

/** EIP-1186. Null, as some answer for an account that does not exist, is not among it. */
export const PROOF = picked('an account and its proof', 'property', {
  accountProof: proof,
  nonce: NONCE,
  balance: BALANCE,
  codeHash: hash,
  storageHash: hash,
  storageProof: optional(
    list('proofs of slots', picked('a slot and its proof', 'property', { key: word, value: word, proof })),
  ),
})

/** A value that has been taken out of an answer. @throws RpcError RPC_BAD_ANSWER */
export function read<T>(shape: Shape<T>, value: unknown, server: string, method: string): T {
  try {
    return shape.parse(value)
  } catch (error) {
    if (!(error instanceof Mismatch)) throw error
    throw new RpcError(
      'RPC_BAD_ANSWER',
      server,
      method,
      `result${error.path}: ${error.problem}; is it an Ethereum node?`,
    )
  }
}
