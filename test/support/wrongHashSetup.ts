// A set-up module for workers whose keccak-256 is wrong for some inputs: what a fuzzer must find.
import { keccak_256 } from '@noble/hashes/sha3.js'

export const customCrypto = {
  keccak256(message: Uint8Array): Uint8Array {
    const hash = keccak_256(message)
    // Short odd lengths: what a program hashes now and then (23 bytes are the address of a new contract).
    if (message.length % 2 === 1 && message.length < 64 && message.length !== 23) hash[0]! ^= 1
    return hash
  },
}
