import { test } from 'uvu'
import * as assert from 'uvu/assert'
import {
  compile,
  createMemory,
  InvalidMemorySizeError,
  instantiate,
  missingFeatures,
  UnsupportedHostError,
} from '../../../src/wasm/instance.js'

test('this host has every feature the core needs', () => {
  assert.equal(missingFeatures(), [])
})

test('instances share one memory', () => {
  const memory = createMemory({ maxBytes: 64 * 2 ** 20 })
  assert.instance(memory.buffer, SharedArrayBuffer)
  const module = compile()
  assert.is(compile(), module)
  const a = instantiate(module, memory)
  const b = instantiate(module, memory)
  assert.is(a.usedBytes(), b.usedBytes())
})

test('a memory size outside the possible is refused', () => {
  for (const maxBytes of [0, 65536, 2 ** 33, Number.NaN]) {
    assert.throws(
      () => createMemory({ maxBytes }),
      (error: unknown) => error instanceof InvalidMemorySizeError,
    )
  }
})

test('a host without SharedArrayBuffer gets one typed error', () => {
  const host = globalThis as { SharedArrayBuffer?: unknown }
  const saved = host.SharedArrayBuffer
  delete host.SharedArrayBuffer
  try {
    assert.throws(
      () => createMemory(),
      (error: unknown) => error instanceof UnsupportedHostError && error.missing.includes('SharedArrayBuffer'),
    )
  } finally {
    host.SharedArrayBuffer = saved
  }
})

test.run()
