import { RLP } from '@ethereumjs/rlp'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { Status } from '../../../src/abi/core.generated.js'
import { Core } from '../../../src/wasm/core.js'

const core = Core.create()
const { exports } = core
const at = exports.takeChunks(2) >>> 0
const out = at + 262144

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex')
const bytes = (text: string) => new Uint8Array(Buffer.from(text, 'hex'))

function check(encoded: Uint8Array): number {
  core.bytes.set(encoded, at)
  return exports.rlpCheck(at, at + encoded.length)
}

test('strings round trip', () => {
  for (const length of [0, 1, 2, 54, 55, 56, 57, 255, 256, 257, 65535, 65536]) {
    for (const fill of [0, 0x7f, 0x80, 0xff]) {
      const payload = new Uint8Array(length).fill(fill)
      core.bytes.set(payload, at)
      const end = exports.writeString(out, at, length) >>> 0
      const encoded = core.read(out, end - out)
      assert.is(hex(encoded), hex(RLP.encode(payload)), `${length} bytes of ${fill}`)
      assert.is(exports.rlpItem(out, end), Status.OK)
      assert.is(exports.itemEnd.value >>> 0, end)
      assert.not.ok(exports.itemIsList.value)
      assert.is(hex(core.read(exports.itemData.value >>> 0, exports.itemLength.value)), hex(payload))
    }
  }
})

test('list headers equal the reference encoder', () => {
  for (const length of [0, 1, 55, 56, 255, 256, 65535, 65536, 0xffffff, 0x1000000]) {
    const end = exports.writeListHeader(out, length) >>> 0
    const want = length <= 55 ? `${(0xc0 + length).toString(16)}` : longHeader(length)
    assert.is(hex(core.read(out, end - out)), want)
  }
})

function longHeader(length: number): string {
  let text = length.toString(16)
  if (text.length % 2 === 1) text = `0${text}`
  return (0xf7 + text.length / 2).toString(16) + text
}

test('integers of 64 bits round trip', () => {
  const values = [0n, 1n, 0x7fn, 0x80n, 0xffn, 0x100n, 2n ** 64n - 1n]
  for (let bit = 0n; bit < 64n; bit++) values.push(1n << bit, (1n << bit) - 1n)
  for (const value of values) {
    const end = exports.writeU64(out, value) >>> 0
    assert.is(hex(core.read(out, end - out)), hex(RLP.encode(value)), `${value}`)
    assert.is(exports.rlpU64(out, end), Status.OK)
    assert.is(BigInt.asUintN(64, exports.itemInteger.value), value)
  }
})

test('words round trip', () => {
  const values = [0n, 1n, 0x7fn, 0x80n, 2n ** 256n - 1n]
  for (let bit = 0n; bit < 256n; bit += 3n) values.push(1n << bit, (1n << bit) - 1n)
  for (const value of values) {
    for (let limb = 0; limb < 4; limb++) {
      core.view.setBigUint64(at + 8 * limb, BigInt.asUintN(64, value >> BigInt(64 * limb)), true)
    }
    const end = exports.writeWord(out, at) >>> 0
    assert.is(hex(core.read(out, end - out)), hex(RLP.encode(value)), `${value}`)
    assert.is(exports.rlpWord(out, end, at + 64), Status.OK)
    assert.is(hex(core.read(at + 64, 32)), hex(core.read(at, 32)), `${value}`)
  }
})

test('well-formed items are accepted', () => {
  const items = [[], [[]], [[[]], []], [Uint8Array.of(1), new Uint8Array(100)], Array(100).fill(new Uint8Array(3))]
  for (const item of items) assert.is(check(RLP.encode(item)), Status.OK)
  for (const text of ['00', '7f', '80', '8180', '83646f67', 'c0', 'c88363617483646f67']) {
    assert.is(check(bytes(text)), Status.OK, text)
  }
})

test('malformed items are refused', () => {
  const cases: [string, string][] = [
    ['', 'nothing'],
    ['81', 'string cut short'],
    ['8100', 'a byte below 0x80 in long form'],
    ['817f', 'a byte below 0x80 in long form'],
    ['b8', 'length cut short'],
    ['b837', 'long form for 55 bytes'],
    [`b837${'00'.repeat(55)}`, 'long form for 55 bytes, all there'],
    [`b90038${'00'.repeat(56)}`, 'length with a leading zero'],
    [`b838${'00'.repeat(55)}`, 'one byte short'],
    ['bfffffffffffffffff', 'length of 8 bytes, near 2^64'],
    ['bbffffffff', 'length near 2^32: the address would wrap'],
    ['fbffffffff', 'list length near 2^32'],
    ['c1', 'list cut short'],
    ['c3820102ff', 'bytes after the item'],
    ['c28201', 'an item runs over the end of its list'],
    ['c28100', 'a malformed item in a list'],
    ['c2c181', 'a malformed item in a list in a list'],
    [`f7${'00'.repeat(54)}`, 'list one byte short'],
    [`f837${'00'.repeat(55)}`, 'long form for a list of 55 bytes'],
    ['0000', 'two items'],
  ]
  for (const [text, why] of cases) assert.is(check(bytes(text)), Status.MALFORMED, why)
})

test('malformed integers are refused', () => {
  for (const text of ['00', '820001', 'c0', '89010000000000000000']) {
    core.bytes.set(bytes(text), at)
    assert.is(exports.rlpU64(at, at + text.length / 2), Status.MALFORMED, text)
  }
  for (const text of ['00', '820001', 'c0', `a1${'01'.repeat(33)}`]) {
    core.bytes.set(bytes(text), at)
    assert.is(exports.rlpWord(at, at + text.length / 2, at + 64), Status.MALFORMED, text)
  }
})

test('of random bytes, nothing is accepted that the reference decoder refuses', () => {
  let x = 7
  const next = () => {
    x = (Math.imul(x, 1664525) + 1013904223) >>> 0
    return x >>> 24
  }
  let accepted = 0
  for (let round = 0; round < 20000; round++) {
    const length = next() % 12
    const data = Uint8Array.from({ length }, (_, i) => (i === 0 ? 0x78 + (next() % 0x60) : next() % 0x90))
    const ours = check(data) === Status.OK
    let theirs = length > 0
    try {
      RLP.decode(data)
    } catch {
      theirs = false
    }
    if (ours) accepted++
    if (ours && !theirs) assert.unreachable(`accepted ${hex(data)}`)
  }
  assert.ok(accepted > 200, `only ${accepted} accepted`)
})

test.run()
