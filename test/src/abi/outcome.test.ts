import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { OUTCOME_FAILED, OUTCOME_INVALID, OUTCOME_SUCCESS, OUTCOME_WORK } from '../../../src/abi/core.generated.js'
import { decodeOutcome, encodeOutcome, type Outcome, OutcomeError } from '../../../src/abi/outcome.js'

const bytes = (length: number, fill: number) => new Uint8Array(length).fill(fill)

const OUTCOMES: Record<string, Outcome> = {
  'success with everything': {
    kind: OUTCOME_SUCCESS,
    error: '',
    gasUsed: 2n ** 63n,
    blobGasUsed: 131072n,
    effectiveGasPrice: 2n ** 255n + 1n,
    minerValue: 2n ** 64n,
    executionGas: 20_000n,
    gasRefund: 4_800n,
    createdAddress: bytes(20, 1),
    returnData: bytes(33, 2),
    bloom: bytes(256, 3),
    logs: [
      [bytes(20, 4), [bytes(32, 5), bytes(32, 6), bytes(32, 7), bytes(32, 8)], bytes(100, 9)],
      [bytes(20, 10), [], bytes(0, 0)],
    ],
  },
  'failure with nothing': {
    kind: OUTCOME_FAILED,
    error: 'out of gas',
    gasUsed: 21000n,
    blobGasUsed: 0n,
    effectiveGasPrice: 0n,
    minerValue: 0n,
    executionGas: 20_000n,
    gasRefund: 4_800n,
    returnData: bytes(0, 0),
    logs: [],
  },
  invalid: { kind: OUTCOME_INVALID, rule: 'NONCE_MISMATCH', message: 'account has nonce 1 – the transaction 2' },
  work: { kind: OUTCOME_WORK, requests: [bytes(1, 1), bytes(77, 2)] },
  'work without requests': { kind: OUTCOME_WORK, requests: [] },
}

for (const [name, outcome] of Object.entries(OUTCOMES)) {
  test(`${name} survives being bytes in shared memory`, () => {
    const encoded = encodeOutcome(outcome)
    const shared = new Uint8Array(new SharedArrayBuffer(encoded.length))
    shared.set(encoded)
    const decoded = decodeOutcome(shared)
    shared.fill(0xff)
    assert.equal(decoded, outcome)
  })

  test(`${name} cut short does not decode`, () => {
    const encoded = encodeOutcome(outcome)
    for (const length of [0, 1, 143, encoded.length - 1]) {
      assert.throws(
        () => decodeOutcome(encoded.subarray(0, length)),
        (error: unknown) => error instanceof OutcomeError,
      )
    }
  })
}

test('the header is where the other side expects it', () => {
  const view = new DataView(encodeOutcome(OUTCOMES['success with everything']!).buffer)
  assert.is(view.getUint8(0), 1)
  assert.is(view.getUint8(2), 3)
  assert.is(view.getUint32(4, true), view.byteLength)
  assert.is(view.getBigUint64(8, true), 2n ** 63n)
  assert.is(view.getBigUint64(16, true), 131072n)
  assert.is(view.getBigUint64(24, true), 1n)
  assert.is(view.getUint8(55), 0x80)
  assert.is(view.getUint8(88), 1)
  assert.is(view.getUint32(112, true), 2)
  assert.is(view.getUint32(116, true), 33)
  assert.is(view.getBigUint64(120, true), 20_000n)
  assert.is(view.getBigUint64(128, true), 4_800n)
  assert.is(view.getUint8(168), 3)
})

test.run()
