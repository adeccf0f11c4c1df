import { join } from 'node:path'
import { Common, Mainnet } from '@ethereumjs/common'
import { RLP } from '@ethereumjs/rlp'
import { createTxFromBlockBodyData } from '@ethereumjs/tx'
import { secp256k1 } from '@noble/curves/secp256k1.js'
import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { SIGNATURE_SIZE, Status } from '../../../src/abi/core.generated.js'
import { rulesOf } from '../../../src/block/common.js'
import { executingCommon } from '../../../src/block/executingCommon.js'
import { dataFolder, loadCase } from '../../../src/blockFiles/index.js'
import { Core } from '../../../src/wasm/core.js'
import { recoverPublicKey } from '../../../src/wasm/crypto.js'
import { compile, createMemory, instantiate } from '../../../src/wasm/instance.js'
import { recoverAddresses, writeSignature } from '../../support/coreCrypto.js'
import { addressOf, bytes32, expectedKey, LAMBDA, mod, N, P, Point, type Signature } from '../../support/signatures.js'
import { Random, randomWord } from '../../support/words.js'

// Random signatures; PARALLEVM_ECRECOVER_CASES for more of them.
const CASES = Number(process.env.PARALLEVM_ECRECOVER_CASES ?? 600)

/** Single and batch recovery against the definition. Returns how many were valid. */
function compare(signatures: Signature[]): number {
  const records = new Uint8Array(signatures.length * SIGNATURE_SIZE)
  signatures.forEach(({ hash, r, s, id }, i) => {
    writeSignature(records, i * SIGNATURE_SIZE, bytes32(hash), r, s, id)
  })
  const batch = recoverAddresses(records)
  let valid = 0
  signatures.forEach((signature, i) => {
    const { hash, r, s, id } = signature
    const key = expectedKey(signature)
    const single = recoverPublicKey(bytes32(hash), bytes32(r), bytes32(s), id)
    const text = `hash 0x${hash.toString(16)} r 0x${r.toString(16)} s 0x${s.toString(16)} id ${id}`
    assert.is(single && bytesToHex(single), key, text)
    const fromBatch = batch[i]
    assert.is(fromBatch && bytesToHex(fromBatch), addressOf(key), text)
    if (key !== undefined) valid++
  })
  return valid
}

test('signatures made by @noble/curves give back their public keys', () => {
  const random = new Random(21)
  const signatures: Signature[] = []
  const keys: string[] = []
  for (let i = 0; i < CASES; i++) {
    const secret = bytes32(mod(randomWord(random), N - 1n) + 1n)
    const hash = bytes32(randomWord(random))
    const made = secp256k1.sign(hash, secret, { prehash: false, lowS: i % 2 === 0, format: 'recovered' })
    const signature = secp256k1.Signature.fromBytes(made, 'recovered')
    signatures.push({ hash: BigInt(`0x${bytesToHex(hash)}`), r: signature.r, s: signature.s, id: made[0]! })
    keys.push(bytesToHex(secp256k1.getPublicKey(secret, false)).slice(2))
  }
  const records = new Uint8Array(CASES * SIGNATURE_SIZE)
  signatures.forEach(({ hash, r, s, id }, i) => {
    writeSignature(records, i * SIGNATURE_SIZE, bytes32(hash), r, s, id)
  })
  const recovered = recoverAddresses(records).map((x) => x && bytesToHex(x))
  assert.equal(recovered, keys.map(addressOf))
})

test('arbitrary r, s and hash equal the definition', () => {
  const random = new Random(22)
  const signatures = Array.from({ length: CASES }, () => ({
    hash: randomWord(random),
    r: randomWord(random),
    s: randomWord(random),
    id: random.below(16) === 0 ? random.below(6) : random.below(2),
  }))
  const valid = compare(signatures)
  assert.ok(valid > CASES / 5 && valid < CASES, `${valid} of ${CASES} were valid`)
})

test('r and s at the ends of their range', () => {
  const edges = [
    0n,
    1n,
    2n,
    N - 2n,
    N - 1n,
    N,
    N + 1n,
    P - 1n,
    P,
    P - N - 1n,
    P - N,
    (1n << 256n) - 1n,
    N / 2n,
    N / 2n + 1n,
  ]
  const signatures: Signature[] = []
  for (const r of edges) for (const s of edges) signatures.push({ hash: 12345n, r, s, id: signatures.length & 1 })
  assert.ok(compare(signatures) > 0)
})

test('recovery ids 2 and 3: x of R is r + n', () => {
  const signatures: Signature[] = []
  for (let r = 1n; r < 20n; r++) for (const id of [2, 3]) signatures.push({ hash: 99n, r, s: 7n + r, id })
  for (const r of [P - N - 2n, P - N - 1n, P - N, P - N + 1n]) signatures.push({ hash: 99n, r, s: 7n, id: 2 })
  assert.ok(compare(signatures) > 5)
})

test('R and the generator related: every exceptional case of point addition, and the key at infinity', () => {
  const random = new Random(23)
  const signatures: Signature[] = []
  const logs = [
    1n,
    2n,
    3n,
    4n,
    5n,
    15n,
    16n,
    17n,
    31n,
    2047n,
    LAMBDA,
    mod(LAMBDA * LAMBDA, N),
    1n << 128n,
    (N - 1n) / 2n,
  ]
  for (const k of [...logs, ...logs.map((x) => N - x)]) {
    const R = Point.BASE.multiply(k).toAffine()
    const id = Number(R.y & 1n)
    const s = mod(randomWord(random), N - 1n) + 1n
    const base = { r: mod(R.x, N), s, id }
    // u1 + u2 k = (s k - z) / r: infinity, then +-1, +-2, then u1 = +-u2 and u1 = 0.
    for (const z of [s * k, s * k + base.r, s * k - base.r, s * k + 2n * base.r, -s, s, s * LAMBDA, 0n]) {
      signatures.push({ ...base, hash: mod(z, N) })
    }
    signatures.push(
      { ...base, s: 1n, hash: mod(k, N) },
      { ...base, s: base.r, hash: 0n },
      { ...base, s: N - 1n, hash: N },
    )
  }
  const valid = compare(signatures)
  assert.ok(signatures.length - valid >= logs.length * 2, 'the keys at infinity are refused')
})

test('a known transaction: the example of EIP-155', () => {
  const hash = hexToBytes('daf5a779ae972f972197303d7b574746c7ef83eadac0f2791ad23db92e4c8e53')
  const records = new Uint8Array(SIGNATURE_SIZE)
  const r = 0x28ef61340bd939bc2195fe537567866003e1a15d3c71ff63e1590620aa636276n
  const s = 0x67cbe9d8997f761aecb703304b3800ccf555c9f3dc64214b297fb1966a3b6d83n
  writeSignature(records, 0, hash, r, s, 37 - 37)
  assert.is(bytesToHex(recoverAddresses(records)[0]!), '9d8a62f656a8d1615c1294fd71e9cfb3e4855a4f')
})

test('an instance that replaces a thread takes over its working memory', () => {
  const memory = createMemory({ maxBytes: 64 * 2 ** 20 })
  // Alone, and four at once: each has working memory of its own.
  const records = new Uint8Array(4 * SIGNATURE_SIZE)
  for (let i = 0; i < 4; i++) writeSignature(records, i * SIGNATURE_SIZE, bytes32(5n), Point.BASE.x, 3n, 0)
  const used = [1, 2, 3].map(() => {
    const core = new Core(memory, instantiate(compile(), memory))
    core.exports.threadInit(7)
    const at = core.exports.takeChunks(1) >>> 0
    core.bytes.set(records, at)
    for (const count of [1, 4]) {
      core.bytes.fill(0, at + 1024, at + 2048)
      assert.is(core.exports.ecrecoverBatch(at, count, at + 1024), Status.OK)
      assert.is(core.bytes[at + 1024], 1)
    }
    core.exports.giveChunks(at, 1)
    return core.exports.usedBytes()
  })
  assert.ok(used[0]! > 0n)
  assert.equal(used, [used[0], used[0], used[0]])
})

test('bytes that are no whole number of records are refused; no records give no addresses', () => {
  assert.throws(() => recoverAddresses(new Uint8Array(96)), /whole/)
  assert.equal(recoverAddresses(new Uint8Array(0)), [])
})

test('batches longer than one group, with invalid records among them', () => {
  const count = 2100
  const records = new Uint8Array(count * SIGNATURE_SIZE)
  const good: Signature = { hash: 5n, r: Point.BASE.x, s: 3n, id: Number(Point.BASE.y & 1n) }
  for (let i = 0; i < count; i++) {
    writeSignature(records, i * SIGNATURE_SIZE, bytes32(good.hash), i % 3 === 0 ? 0n : good.r, good.s, good.id)
  }
  const want = addressOf(expectedKey(good))
  recoverAddresses(records).forEach((x, i) => {
    assert.is(x && bytesToHex(x), i % 3 === 0 ? undefined : want)
  })
})

/** Transactions of every signature form: before EIP-155, with it, and typed ones (2, 3). */
const BLOCKS = ['930196', '4864590', '14396881', '15537394', '19934116']
const folder = dataFolder()
const realBlocks = folder === undefined ? test.skip : test
realBlocks('the senders of real blocks', () => {
  for (const block of BLOCKS) {
    const blockCase = loadCase(join(folder!, 'mainnet', 'flat', block))
    const common = executingCommon(rulesOf(new Common({ chain: Mainnet })), blockCase.fork)
    const body = RLP.decode(blockCase.blockRlp) as unknown as [unknown, (Uint8Array | Uint8Array[])[]]
    const txs = body[1].map((data) => createTxFromBlockBodyData(data, { common }))
    const records = new Uint8Array(txs.length * SIGNATURE_SIZE)
    txs.forEach((tx, i) => {
      // v is the parity, or 27 + parity, or 35 + 2 * chain id + parity.
      const v = tx.v!
      const id = v < 2n ? v : 1n - (v & 1n)
      writeSignature(records, i * SIGNATURE_SIZE, tx.getHashedMessageToSign(), tx.r!, tx.s!, Number(id))
    })
    assert.equal(recoverAddresses(records), blockCase.senders, `block ${block}`)
    assert.ok(txs.length > 0)
  }
})

test.run()
