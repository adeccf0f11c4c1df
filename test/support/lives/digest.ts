// What a block came to, in 8 bytes: state root, logs, and the gas of every transaction.
import { RLP } from '@ethereumjs/rlp'
import { bigIntToUnpaddedBytes } from '@ethereumjs/util'
import { keccak_256 } from '@noble/hashes/sha3.js'
import { hex } from '../mapState.js'

export interface Came {
  /** Hex without 0x. */
  stateRoot: string
  /** keccak-256 of the RLP of all logs, hex without 0x. */
  logsHash: string
  /** Of each transaction, with that of those before it. */
  gas: bigint[]
}

export function digest({ stateRoot, logsHash, gas }: Came): string {
  const fields = [Buffer.from(stateRoot, 'hex'), Buffer.from(logsHash, 'hex'), gas.map(bigIntToUnpaddedBytes)]
  return hex(keccak_256(RLP.encode(fields as never)).subarray(0, 8))
}

export function logsHash(receipts: readonly { logs: readonly Log[] }[]): string {
  const logs = receipts.flatMap(({ logs }) => logs.map(({ address, topics, data }) => [address, topics, data]))
  return hex(keccak_256(RLP.encode(logs as never)))
}

interface Log {
  address: Uint8Array
  topics: readonly Uint8Array[]
  data: Uint8Array
}
