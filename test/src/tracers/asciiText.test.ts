import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { putWord } from '../../../src/abi/word256.js'
import { AsciiText } from '../../../src/tracers/asciiText.js'
import { Random, randomWord } from '../../support/words.js'

const bytes = Buffer.alloc(64)
const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)

test('numbers and words are those of the language', () => {
  const random = new Random(1)
  const text = new AsciiText()
  for (let i = 0; i < 3000; i++) {
    const word = i < 257 ? (1n << BigInt(i)) - 1n : randomWord(random)
    putWord(view, 0, word)
    putWord(view, 32, word >> 128n)
    assert.is(text.stack(bytes, 0, 2).take(), `"0x${word.toString(16)}","0x${(word >> 128n).toString(16)}"`)
    assert.is(text.hex(bytes, 3, 40).take(), bytes.toString('hex', 3, 43))
    for (const count of [Number(word & 0x1f_ffff_ffff_ffffn), Number(word & 0xffff_ffffn), Number(word & 999n), word]) {
      assert.is(text.decimal(count).take(), count.toString())
      assert.is(text.quantity(count).take(), `0x${count.toString(16)}`)
    }
  }
})

test('it grows, and is empty when taken', () => {
  const [text, whole] = [new AsciiText(), new AsciiText()]
  let expected = ''
  for (let i = 0; i < 2000; i++) {
    const part = 'x'.repeat(i % 100)
    text
      .put(part)
      .put('y')
      .append(new AsciiText().put(`${i}`))
    expected += `${part}y${i}`
  }
  assert.is(text.length, expected.length)
  assert.is(whole.append(text).append(text).take(), expected + expected)
  assert.is(text.take(), expected)
  assert.is(text.take(), '')
  text.put('left').clear()
  assert.is(text.toString(), '')
})

test.run()
