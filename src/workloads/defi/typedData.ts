// Signatures of structs (EIP-712).
import { keccak_256 } from '@noble/hashes/sha3.js'
import { toBytes } from '../../bytes.js'
import { type AbiValue, encode } from '../abi.js'
import { CHAIN_ID } from '../chain.js'
import { signHash } from '../transaction.js'
import type { Wallet } from '../wallet.js'

const DOMAIN = 'EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)'

/** keccak-256 of text or bytes. */
export function hashOf(value: string | Uint8Array): Uint8Array {
  return keccak_256(typeof value === 'string' ? Buffer.from(value) : value)
}

export class TypedData {
  readonly #separator: Uint8Array
  readonly #type: Uint8Array

  /** @param type of the struct, as `Name(type name,...)`; its version is 1 */
  constructor(name: string, contract: Uint8Array, type: string) {
    this.#separator = hashOf(encode(hashOf(DOMAIN), hashOf(name), hashOf('1'), CHAIN_ID, contract))
    this.#type = hashOf(type)
  }

  /** What is signed; members that are dynamic are given as their hashes. */
  digest(...members: AbiValue[]): Uint8Array {
    const struct = hashOf(encode(this.#type, ...members))
    return hashOf(Buffer.concat([Uint8Array.of(0x19, 0x01), this.#separator, struct]))
  }
}

export interface Parts {
  v: bigint
  r: Uint8Array
  s: Uint8Array
}

export function signatureParts(digest: Uint8Array, signer: Wallet): Parts {
  const { yParity, r, s } = signHash(digest, signer.key)
  return { v: 27n + yParity, r: toBytes(r, 32), s: toBytes(s, 32) }
}

/** 65 bytes: r, s, v. */
export function signature(digest: Uint8Array, signer: Wallet): Uint8Array {
  const { v, r, s } = signatureParts(digest, signer)
  return Buffer.concat([r, s, Uint8Array.of(Number(v))])
}
