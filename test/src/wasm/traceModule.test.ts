// The tracing module lies on the same memory as the core: their static data must not meet, and chunks begin at the same address.
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { wasmBase64 as core } from '../../../src/wasm/module.generated.js'
import { wasmBase64 as tracing } from '../../../src/wasm/traceModule.generated.js'

const PAGE = 65_536
const DATA = 11

/** Where the active segments of data of a module begin and end. */
function staticData(base64: string): [from: number, to: number] {
  const bytes = Buffer.from(base64, 'base64')
  let at = 8
  const leb = (): number => {
    let [value, shift] = [0, 0]
    for (;;) {
      const byte = bytes[at++] as number
      value += (byte & 127) * 2 ** shift
      shift += 7
      if (byte < 128) return value
    }
  }
  let [from, to] = [Number.POSITIVE_INFINITY, 0]
  while (at < bytes.length) {
    const section = bytes[at++]
    const end = leb() + at
    if (section === DATA) {
      for (let count = leb(); count > 0; count--) {
        assert.is(leb(), 0, 'an active segment')
        assert.is(bytes[at++], 0x41, 'i32.const')
        const offset = leb()
        assert.is(bytes[at++], 0x0b, 'end')
        const length = leb()
        from = Math.min(from, offset)
        to = Math.max(to, offset + length)
        at += length
      }
    }
    at = end
  }
  return [from, to]
}

test('static data of the two modules lie apart, within one page behind the control block', () => {
  const [coreFrom, coreTo] = staticData(core)
  const [from, to] = staticData(tracing)
  assert.ok(coreFrom >= PAGE, `${coreFrom}`)
  assert.ok(coreTo <= from, `the core's end at ${coreTo}, those of the tracing module begin at ${from}`)
  assert.ok(to <= 2 * PAGE, `${to}`)
  assert.is(from, 98_304)
})

test.run()
