// Microseconds of CPU time for precompiled contracts in the core, and for the same by the libraries of the engine `ethereumjs`.
import { bls12_381 } from '@noble/curves/bls12-381.js'
import { p256 } from '@noble/curves/nist.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { concatBytes, hexToBytes } from '@noble/hashes/utils.js'
import { Precompile } from '../src/abi/registry.js'
import { toBytes } from '../src/bytes.js'
import { loadCurves } from '../src/crypto/curves.js'
import { bn254Contract } from '../src/wasm/bn254.js'
import { bnG1, bnG2 } from '../test/support/bn254.js'
import { coreContract } from '../test/support/coreContracts.js'
import { blake2f, ripemd160 } from '../test/support/coreCrypto.js'
import { libraryContract } from '../test/support/libraryContracts.js'
import { Random } from '../test/support/words.js'

const random = new Random(61)
const bytes = (length: number) => Uint8Array.from({ length }, () => random.below(256) | 1)

await loadCurves()

function measure(name: string, run: () => unknown): void {
  let best = Number.POSITIVE_INFINITY
  let rounds = 1
  for (let pass = 0; pass < 8; pass++) {
    const start = process.cpuUsage()
    for (let i = 0; i < rounds; i++) run()
    const used = process.cpuUsage(start)
    const each = (used.user + used.system) / rounds
    if (pass > 0) best = Math.min(best, each)
    rounds = Math.max(1, Math.min(20_000, Math.floor(40_000 / (each + 0.1))))
  }
  console.log(`${name.padEnd(44)}${best.toFixed(1).padStart(10)} us`)
}

/** The core and mcl in turns. */
function both(name: string, id: number, input: Uint8Array): void {
  if (coreContract(id, input) === undefined) throw new Error(`${name}: the input of the benchmark is not valid`)
  for (let turn = 0; turn < 2; turn++) {
    measure(`core: ${name}`, () => coreContract(id, input))
    measure('  with mcl', () => libraryContract(id, input))
  }
}

const k = 0x1234567890abcdef1234567890abcdef1234567890abcdefn
const pair = concatBytes(bnG1(k), bnG2(k))
for (const [name, id, input] of [
  ['add', Precompile.BN254_ADD, concatBytes(bnG1(k), bnG1(k + 1n))],
  ['mul', Precompile.BN254_MUL, concatBytes(bnG1(k), bytes(32))],
  ...[1, 2, 4, 8].map((n) => [`pairing, ${n} pairs`, Precompile.BN254_PAIRING, concatBytes(...Array(n).fill(pair))]),
] as [string, number, Uint8Array][]) {
  measure(`core: bn254 ${name}`, () => bn254Contract(id, input))
}

const h1 = bls12_381.G1.Point.BASE.multiply(k).toAffine()
const h2 = bls12_381.G2.Point.BASE.multiply(k).toAffine()
const blsG1 = concatBytes(toBytes(h1.x, 64), toBytes(h1.y, 64))
const blsG2 = concatBytes(...[h2.x.c0, h2.x.c1, h2.y.c0, h2.y.c1].map((x) => toBytes(x, 64)))
both('BLS12-381 G1 add', Precompile.BLS12_G1ADD, concatBytes(blsG1, blsG1))
both('BLS12-381 G1 msm, 1 pair', Precompile.BLS12_G1MSM, concatBytes(blsG1, bytes(32)))
both('BLS12-381 G2 add', Precompile.BLS12_G2ADD, concatBytes(blsG2, blsG2))
both('BLS12-381 G2 msm, 1 pair', Precompile.BLS12_G2MSM, concatBytes(blsG2, bytes(32)))
both('BLS12-381 pairing, 1 pair', Precompile.BLS12_PAIRING_CHECK, concatBytes(blsG1, blsG2))
both('BLS12-381 map to G1', Precompile.BLS12_MAP_FP_TO_G1, toBytes(k, 64))
both('BLS12-381 map to G2', Precompile.BLS12_MAP_FP2_TO_G2, concatBytes(toBytes(k, 64), toBytes(k, 64)))

const commitment = bls12_381.G1.Point.BASE.multiply(5n).toBytes()
const versionedHash = sha256(commitment)
versionedHash[0] = 1
const proof = hexToBytes(`c0${'00'.repeat(47)}`)
both(
  'point evaluation',
  Precompile.KZG_POINT_EVALUATION,
  concatBytes(versionedHash, toBytes(9n, 32), toBytes(5n, 32), commitment, proof),
)

const { secretKey, publicKey } = p256.keygen()
const hash = bytes(32)
const signature = p256.sign(hash, secretKey, { prehash: false, lowS: false })
const key = p256.Point.fromBytes(publicKey).toBytes(false).subarray(1)
both('P-256 verification', Precompile.P256VERIFY, concatBytes(hash, signature, key))

const message = bytes(128)
measure('core: RIPEMD-160 of 128 bytes', () => ripemd160(message))
const compression = bytes(213)
compression.set([0, 0, 0, 12])
compression[212] = 1
measure('core: BLAKE2 F, 12 rounds', () => blake2f(compression))
