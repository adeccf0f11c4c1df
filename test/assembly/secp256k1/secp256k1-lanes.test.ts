import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex } from '@noble/hashes/utils.js'
import * as tiny from 'tiny-secp256k1'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { CHUNK_SIZE, SIGNATURE_ID, SIGNATURE_SIZE, SIGNER_SIZE, Status } from '../../../src/abi/core.generated.js'
import { Core } from '../../../src/wasm/core.js'
import { compile, instantiate } from '../../../src/wasm/instance.js'
import { recoverAddresses, writeSignature } from '../../support/coreCrypto.js'
import { addressOf, bytes32, expectedKey, LAMBDA, mod, N, P, Point, type Signature } from '../../support/signatures.js'
import { testModule } from '../../support/test-module.js'
import { MASK, Random, randomWord } from '../../support/words.js'

// Recovery four at once against a library, the definition and recovery one by one, and what it leaves to the latter.
// PARALLEVM_LANES_CASES: random signatures.
const CASES = Number(process.env.PARALLEVM_LANES_CASES ?? 4000)

interface Exports {
  takeChunks(count: number): number
  giveChunks(at: number, count: number): void
  recoverInLanes(inputs: number, count: number, out: number): void
  ecrecoverBatch(inputs: number, count: number, out: number): number
  generatorWindows(): number
}
const { exports: wasm, memory } = testModule<Exports>('assembly/secp256k1/test-lanes.ts')
const inputs = wasm.takeChunks(1) >>> 0
const out = inputs + CHUNK_SIZE / 2
const bytes = new Uint8Array(memory.buffer)
// Otherwise the first of them are recovered one by one.
wasm.generatorWindows()

function write(signatures: Signature[]): void {
  signatures.forEach(({ hash, r, s, id }, i) => {
    writeSignature(bytes, inputs + i * SIGNATURE_SIZE, bytes32(hash), r, s, 0)
    bytes[inputs + i * SIGNATURE_SIZE + SIGNATURE_ID] = id
  })
}

function signers(count: number): (string | undefined)[] {
  return Array.from({ length: count }, (_, i) => {
    const at = out + i * SIGNER_SIZE
    const address = bytesToHex(bytes.subarray(at + 1, at + SIGNER_SIZE))
    if (bytes[at] === 1) return address
    assert.is(bytes[at], 0)
    assert.is(address, '00'.repeat(20))
    return undefined
  })
}

function inLanes(signatures: Signature[]): (string | undefined)[] {
  write(signatures)
  wasm.recoverInLanes(inputs, signatures.length, out)
  return signers(signatures.length)
}

function recovered(signatures: Signature[]): (string | undefined)[] {
  write(signatures)
  assert.is(wasm.ecrecoverBatch(inputs, signatures.length, out), Status.OK)
  return signers(signatures.length)
}

/** By the code for one signature: too few for lanes. */
const oneByOne = (signatures: Signature[]) => signatures.map((signature) => recovered([signature])[0])

const text = ({ hash, r, s, id }: Signature) =>
  `hash 0x${hash.toString(16)} r 0x${r.toString(16)} s 0x${s.toString(16)} id ${id}`

const scalar = (random: Random) => mod(randomWord(random), N - 1n) + 1n

/** A signature that a key made, and the address. */
function signed(random: Random): { signature: Signature; address: string } {
  const key = bytes32(scalar(random))
  const hash = bytes32(randomWord(random))
  const { signature, recoveryId } = tiny.signRecoverable(hash, key)
  const [r, s] = [signature.subarray(0, 32), signature.subarray(32)].map((x) => BigInt(`0x${bytesToHex(x)}`))
  const address = addressOf(bytesToHex(tiny.pointFromScalar(key, false)!.subarray(1)))!
  return { signature: { hash: BigInt(`0x${bytesToHex(hash)}`), r: r!, s: s!, id: recoveryId }, address }
}

test('signatures of tiny-secp256k1, in batches of every size up to 200', () => {
  const random = new Random(51)
  for (let done = 0; done < CASES; ) {
    const size = Math.min(1 + random.below(200), CASES - done)
    const made = Array.from({ length: size }, () => signed(random))
    const got = recovered(made.map((x) => x.signature))
    made.forEach(({ signature, address }, i) => {
      if (got[i] !== address) assert.is(got[i], address, text(signature))
    })
    done += size
  }
  assert.ok(CASES > 0)
})

test('arbitrary r, s and hash equal tiny-secp256k1', () => {
  const random = new Random(52)
  let valid = 0
  for (let done = 0; done < CASES; done += 64) {
    const batch = Array.from({ length: 64 }, () => ({
      hash: randomWord(random),
      r: scalar(random),
      s: scalar(random),
      id: random.below(2),
    }))
    const got = recovered(batch)
    batch.forEach((signature, i) => {
      const { hash, r, s, id } = signature
      let key: Uint8Array | null = null
      try {
        key = tiny.recover(bytes32(hash), new Uint8Array([...bytes32(r), ...bytes32(s)]), id as 0 | 1, false)
      } catch {
        // It throws where there is none.
      }
      if (key !== null) valid++
      const want = key === null ? undefined : addressOf(bytesToHex(key.subarray(1)))
      if (got[i] !== want) assert.is(got[i], want, text(signature))
    })
  }
  assert.ok(valid > CASES / 5, `${valid} were valid`)
})

test('ends of r, s, z and the recovery id, all with all', () => {
  const ends = [0n, 1n, 2n, N - 1n, N, N + 1n, P - N - 1n, P - N, P - N + 1n, P - 1n, P, MASK, N / 2n, N / 2n + 1n]
  const batch: Signature[] = []
  for (const r of [...ends, Point.BASE.x])
    for (const s of ends) for (let id = 0; id < 4; id++) batch.push({ hash: ends[batch.length % 14]!, r, s, id })
  for (const id of [4, 27, 28, 255]) batch.push({ hash: 1n, r: Point.BASE.x, s: 1n, id })
  const got = recovered(batch)
  const single = oneByOne(batch)
  batch.forEach((signature, i) => {
    assert.is(got[i], single[i], text(signature))
    // The definition takes milliseconds.
    if (i % 5 === 0 || i >= batch.length - 4) assert.is(got[i], addressOf(expectedKey(signature)), text(signature))
  })
  assert.ok(got.filter((x) => x !== undefined).length > 100)
})

test('every number of signatures: what is left is less than a pack', () => {
  const random = new Random(53)
  const made = Array.from({ length: 130 }, () => signed(random))
  for (const count of [...Array(36).keys(), 63, 64, 65, 66, 67, 68, 96, 97, 128, 130]) {
    const batch = made.slice(0, count)
    const want = batch.map((x) => x.address)
    assert.equal(recovered(batch.map((x) => x.signature)), want, `${count}`)
    const rest = count % 32 < 4 ? count % 32 : 0
    const lanes = inLanes(batch.map((x) => x.signature))
    assert.equal(lanes, [...want.slice(0, count - rest), ...Array(rest).fill(undefined)], `${count}`)
  }
})

/** The first r above `r` that is the x of a point, or of none. */
function xOf(point: boolean, r: bigint): bigint {
  while ((expectedKey({ hash: 1n, r, s: 1n, id: 0 }) !== undefined) !== point) r++
  return r
}

test('good and bad signatures in one batch, in every lane: the good ones are recovered in lanes', () => {
  const random = new Random(54)
  const bad: Partial<Signature>[] = [{ r: 0n }, { r: N }, { s: 0n }, { s: N }, { id: 4 }, { r: xOf(false, 5n) }]
  for (const wrong of bad) {
    for (let mask = 0; mask < 16; mask++) {
      const made = Array.from({ length: 8 }, () => signed(random))
      const isBad = (i: number) => ((mask >> (i & 3)) & 1) === 1 && i < 4
      const batch = made.map(({ signature }, i) => (isBad(i) ? { ...signature, ...wrong } : signature))
      const want = made.map(({ address }, i) => (isBad(i) ? undefined : address))
      assert.equal(inLanes(batch), want)
      assert.equal(recovered(batch), want)
    }
  }
})

test('the same signature in all lanes, and z of zero', () => {
  const random = new Random(55)
  const { signature } = signed(random)
  for (const hash of [0n, N, signature.hash]) {
    const one = { ...signature, hash }
    assert.equal(inLanes(Array(9).fill(one)), Array(9).fill(addressOf(expectedKey(one))))
  }
})

const H = Point.fromHex(
  `02${(BigInt(`0x${bytesToHex(sha256(new TextEncoder().encode('parallevm')))}`) + 2n).toString(16)}`,
)
const inverse = (x: bigint) => Point.Fn.inv(mod(x, N))

/** The signature with this R, u1 and u2. */
function aimed(R: InstanceType<typeof Point>, u1: bigint, u2: bigint): Signature {
  const { x, y } = R.toAffine()
  return { hash: mod(-u1 * x, N), r: mod(x, N), s: mod(u2 * x, N), id: Number(y & 1n) }
}

test('signatures that aim at equal and opposite points are left, and recovered one by one', () => {
  const random = new Random(56)
  const hostile: Signature[] = []
  // With R = +-2^(5 (25 - i)) H / d the sum is +-d R when window i, the first that is not zero, comes to add d R to it.
  for (const window of [0, 1, 7, 24]) {
    for (const digit of [1n, 2n, 15n, 16n]) {
      for (const [half, sign] of [
        [1n, 1n],
        [1n, -1n],
        [LAMBDA, 1n],
        [LAMBDA, -1n],
      ] as const) {
        const k = mod(sign * (1n << BigInt(5 * (25 - window))) * inverse(digit * half), N)
        hostile.push(aimed(H.multiply(k), scalar(random), mod(half * (digit << BigInt(5 * window)), N)))
      }
    }
  }
  // The last addition: u2 R + 2^125 H equals -2^125 H, or takes it away, which is the key at infinity.
  hostile.push(aimed(H, 0n, N - (1n << 126n)))
  for (const k of [1n, 2n, 12345n, LAMBDA, N - 1n]) {
    const u2 = scalar(random)
    hostile.push(aimed(Point.BASE.multiply(k), mod(-k * u2, N), u2))
  }
  assert.equal(inLanes(hostile), Array(hostile.length).fill(undefined))
  const want = hostile.map((signature) => addressOf(expectedKey(signature)))
  assert.equal(recovered(hostile), want)
  assert.is(want.filter((x) => x === undefined).length, 5)
  // One in each pack, the others are not lost.
  const made = Array.from({ length: 32 }, () => signed(random))
  const batch = made.map(({ signature }, i) => (i % 4 === (i >> 2) % 4 ? hostile[i]! : signature))
  const lanes = inLanes(batch)
  made.forEach(({ address }, i) => {
    assert.is(lanes[i], i % 4 === (i >> 2) % 4 ? undefined : address)
  })
})

test('digits at their ends: u1 of equal bytes, u2 of equal digits', () => {
  const batch: Signature[] = []
  const R = Point.BASE.multiply(77n)
  const all = (digit: bigint) => Array.from({ length: 25 }, (_, i) => digit << BigInt(5 * i)).reduce((a, b) => a + b)
  for (const byte of [0, 1, 127, 128, 254, 255]) {
    const u1 = BigInt(`0x00${byte.toString(16).padStart(2, '0').repeat(31)}`)
    for (const digit of [1n, 15n, 16n, 17n, 30n, 31n]) {
      batch.push(aimed(R, u1, mod(all(digit), N)), aimed(R, u1, mod(all(digit) * LAMBDA, N)))
      batch.push(aimed(R, u1, mod(all(digit) - LAMBDA * all(31n - digit), N)))
    }
  }
  const want = batch.map((signature) => addressOf(expectedKey(signature)))
  assert.equal(inLanes(batch), want)
})

test('the windows of the generator hold what they are said to, and offsets that take 2^125 H away', () => {
  const table = wasm.generatorWindows()
  const view = new DataView(memory.buffer)
  const coordinate = (at: number) => {
    let value = 0n
    for (let i = 19; i >= 0; i--) value = value * 8192n + BigInt(view.getInt16(at + 2 * i, true))
    return mod(value, P)
  }
  let offset = Point.ZERO
  for (let window = 0; window < 32; window++) {
    const T = window < 31 ? H.multiply(1n << BigInt(window)) : H.multiply(N - (1n << 125n) - (1n << 31n) + 1n)
    offset = offset.add(T)
    for (const entry of [0, 1, 2, 128, 255]) {
      const multiple = BigInt(entry) << BigInt(8 * window)
      const want = (multiple === 0n ? T : T.add(Point.BASE.multiply(mod(multiple, N)))).toAffine()
      const at = table + (256 * window + entry) * 80
      assert.is(coordinate(at), want.x)
      assert.is(coordinate(at + 40), want.y)
    }
  }
  assert.ok(offset.add(H.multiply(1n << 125n)).is0())
})

test('windows are made once enough signatures were there that they are worth it, and outlast a reset', () => {
  const core = Core.create({ maxBytes: 1 << 24 })
  const random = new Random(58)
  const made = Array.from({ length: 40 }, () => signed(random))
  const records = new Uint8Array(made.length * SIGNATURE_SIZE)
  for (const [i, { signature }] of made.entries()) {
    const { hash, r, s, id } = signature
    writeSignature(records, i * SIGNATURE_SIZE, bytes32(hash), r, s, id)
  }
  const windows = BigInt(3 * CHUNK_SIZE)
  const addresses = made.map(({ address }) => address)
  const recover = (on: Core): bigint => {
    const found = recoverAddresses(records, on).map((address) => address && bytesToHex(address))
    assert.equal(found, addresses)
    return on.exports.usedBytes()
  }
  const used = Array.from({ length: 12 }, () => recover(core))
  // The tenth round is the one with the 400th signature.
  for (const [round, bytes] of used.entries()) assert.is(bytes - used[0]!, round < 9 ? 0n : windows)
  core.exports.resetMemory()
  const oddMultiples = BigInt(CHUNK_SIZE)
  assert.is(core.exports.usedBytes(), oddMultiples + windows)
  const again = new Core(core.memory, instantiate(compile(), core.memory))
  const first = recover(again)
  for (let round = 0; round < 12; round++) assert.is(recover(again), first)
})

test('both tables of multiples of the generator outlast a reset, whichever lies lower', () => {
  const random = new Random(59)
  const made = Array.from({ length: 401 }, () => signed(random))
  const records = new Uint8Array(made.length * SIGNATURE_SIZE)
  for (const [i, { signature }] of made.entries()) {
    const { hash, r, s, id } = signature
    writeSignature(records, i * SIGNATURE_SIZE, bytes32(hash), r, s, id)
  }
  const addresses = made.map(({ address }) => address)
  const recover = (on: Core, count: number): void => {
    const found = recoverAddresses(records.subarray(0, count * SIGNATURE_SIZE), on)
    assert.equal(
      found.map((address) => address && bytesToHex(address)),
      addresses.slice(0, count),
    )
  }
  // assembly/secp256k1/generator.ts, windows.ts
  const lower = (core: Core): string => (core.u32(61440 + 4) < core.u32(61440 + 12) ? 'odd multiples' : 'windows')
  for (const first of ['odd multiples', 'windows']) {
    const core = Core.create({ maxBytes: 1 << 24 })
    const free = first === 'windows' ? core.exports.takeChunks(8) >>> 0 : 0
    recover(core, 1)
    if (free !== 0) core.exports.giveChunks(free, 8)
    recover(core, 401)
    assert.is(lower(core), first)
    for (let resets = 0; resets < 3; resets++) {
      core.exports.resetMemory()
      assert.is(core.exports.usedBytes(), BigInt(4 * CHUNK_SIZE))
      assert.is(lower(core), first)
      const again = new Core(core.memory, instantiate(compile(), core.memory))
      recover(again, 1)
      recover(again, 401)
    }
  }
})

test('without room for the windows all are recovered one by one', () => {
  const { exports, memory: small } = testModule<Exports>('assembly/secp256k1/test-lanes.ts')
  const at = exports.takeChunks(1) >>> 0
  let last = 0
  for (let next = exports.takeChunks(1); next !== 0; next = exports.takeChunks(1)) last = next
  assert.is(exports.ecrecoverBatch(at, 8, at + 4096), Status.OUT_OF_SPACE)
  for (let i = 0; i < 4; i++) exports.giveChunks(last - i * CHUNK_SIZE, 1)
  const random = new Random(57)
  const made = Array.from({ length: 8 }, () => signed(random))
  write(made.map((x) => x.signature))
  const target = new Uint8Array(small.buffer)
  target.set(bytes.subarray(inputs, inputs + 8 * SIGNATURE_SIZE), at)
  assert.is(exports.ecrecoverBatch(at, 8, at + 4096), Status.OK)
  made.forEach(({ address }, i) => {
    const signer = at + 4096 + i * SIGNER_SIZE
    assert.is(bytesToHex(target.subarray(signer + 1, signer + SIGNER_SIZE)), address)
  })
})

test.run()
