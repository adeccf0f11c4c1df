import type { Keccak256 } from '../block/bloom.js'
import type { OrderedRoot } from '../block/checks.js'
import type { Core } from '../wasm/core.js'
import { keccak256 } from '../wasm/keccak.js'
import { orderedRoot } from '../wasm/orderedRoot.js'

/** Hash functions on the executor's own instance of the core. */
export function hashing(core: Core): {
  keccak256: Keccak256
  orderedRoot: OrderedRoot
} {
  const hash: Keccak256 = (message) => keccak256(message, core)
  return {
    keccak256: hash,
    orderedRoot: (values) => orderedRoot(values, core),
  }
}
