// The encoder of receipts against the RLP of @ethereumjs on receipts of every shape.
import { RLP } from '@ethereumjs/rlp'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { encodeReceipt } from '../../../src/fuzz/encodeReceipt.js'
import type { ExecutedReceipt } from '../../../src/index.js'
import { hex } from '../../support/mapState.js'

const bytes = (length: number, fill: number) => new Uint8Array(length).fill(fill)
const GAS = [0n, 1n, 127n, 128n, 255n, 256n, 21_000n, 2n ** 32n, 2n ** 64n - 1n]
const DATA = [
  bytes(0, 0),
  bytes(1, 0),
  bytes(1, 0x7f),
  bytes(1, 0x80),
  ...[2, 32, 55, 56, 255, 256, 65_536].map((n) => bytes(n, 9)),
]

function reference({ type, stateRoot, status, cumulativeGasUsed, logsBloom, logs }: ExecutedReceipt): Uint8Array {
  const outcome = stateRoot ?? (status === 1 ? Uint8Array.of(1) : new Uint8Array(0))
  const fields = RLP.encode([
    outcome,
    cumulativeGasUsed,
    logsBloom,
    logs.map(({ address, topics, data }) => [address, topics, data]),
  ])
  return type === 0 ? fields : Uint8Array.from([type, ...fields])
}

test('receipts with any gas, status, logs', () => {
  for (const [i, cumulativeGasUsed] of GAS.entries()) {
    for (const [k, data] of DATA.entries()) {
      const logs = Array.from({ length: (i * k) % 5 }, (_, n) => ({
        address: bytes(20, n),
        topics: Array.from({ length: (n + k) % 5 }, (_, t) => bytes(32, t)),
        data,
      }))
      const common = { type: (i + k) % 5, gasUsed: 1n, cumulativeGasUsed, logsBloom: bytes(256, k), logs }
      for (const outcome of [{ status: 0 as const }, { status: 1 as const }, { stateRoot: bytes(32, 7) }]) {
        const receipt: ExecutedReceipt = { ...common, ...outcome }
        assert.is(hex(encodeReceipt(receipt)), hex(reference(receipt)))
      }
    }
  }
})

test.run()
