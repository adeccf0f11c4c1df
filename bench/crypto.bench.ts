// Microseconds of CPU time: one public key recovery (single and in batches of a block's size) against tiny-secp256k1 and
// @noble/curves, and SHA-256 against @noble/hashes. CPU time of this process, so that other load on the machine counts less.

import { secp256k1 } from '@noble/curves/secp256k1.js'
import { sha256 as nobleSha256 } from '@noble/hashes/sha2.js'
import * as tiny from 'tiny-secp256k1'
import { SIGNATURE_SIZE } from '../src/abi/core.generated.js'
import { recoverPublicKey, sha256 } from '../src/wasm/crypto.js'
import { recoverAddresses } from '../test/support/coreCrypto.js'
import { Random } from '../test/support/words.js'

const COUNT = 200
const random = new Random(5)
const bytes = (length: number) => Uint8Array.from({ length }, () => random.below(256))

const signatures = Array.from({ length: COUNT }, () => {
  const hash = bytes(32)
  const signature = secp256k1.sign(hash, bytes(32), { prehash: false, format: 'recovered' })
  return { hash, signature, id: signature[0]!, r: signature.slice(1, 33), s: signature.slice(33) }
})
const records = new Uint8Array(COUNT * SIGNATURE_SIZE)
signatures.forEach(({ hash, signature, id }, i) => {
  records.set(hash, i * SIGNATURE_SIZE)
  records.set(signature.subarray(1), i * SIGNATURE_SIZE + 32)
  records[i * SIGNATURE_SIZE + 96] = id
})

/** Best of several passes, per item; the first passes let the host's compiler finish. */
function measure(name: string, items: number, pass: () => void, passes = 12): void {
  let best = Number.POSITIVE_INFINITY
  for (let i = 0; i < passes; i++) {
    const start = process.cpuUsage()
    pass()
    const used = process.cpuUsage(start)
    best = Math.min(best, (used.user + used.system) / items)
  }
  console.log(`${name.padEnd(36)}${best.toFixed(2).padStart(10)} us`)
}

measure('recover, one by one', COUNT, () => {
  for (const { hash, r, s, id } of signatures) recoverPublicKey(hash, r, s, id)
})
measure(`recover, batches of ${COUNT}`, COUNT, () => {
  recoverAddresses(records)
})
const few = records.subarray(0, 10 * SIGNATURE_SIZE)
measure('recover, batches of 10', COUNT, () => {
  for (let i = 0; i < COUNT / 10; i++) recoverAddresses(few)
})
measure('recover, tiny-secp256k1', COUNT, () => {
  for (const { hash, signature, id } of signatures) tiny.recover(hash, signature.subarray(1), id as 0 | 1, false)
})
measure(
  'recover, @noble/curves',
  COUNT,
  () => {
    for (const { hash, signature } of signatures) {
      secp256k1.Signature.fromBytes(signature, 'recovered').recoverPublicKey(hash)
    }
  },
  3,
)
for (const length of [32, 128, 1024, 65536]) {
  const message = bytes(length)
  const rounds = Math.ceil(1_000_000 / (length + 100))
  const loop = (hash: (message: Uint8Array) => Uint8Array) => () => {
    for (let i = 0; i < rounds; i++) hash(message)
  }
  measure(`sha256 of ${length} bytes`, rounds, loop(sha256))
  measure(`sha256 of ${length} bytes, @noble/hashes`, rounds, loop(nobleSha256))
}
