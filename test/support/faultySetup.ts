// A set-up module for workers that fails on demand: what the file named by PARALLEVM_TEST_FAULT holds decides.
import { readFileSync } from 'node:fs'
import { threadId } from 'node:worker_threads'
import { keccak_256 } from '@noble/hashes/sha3.js'

const file = process.env.PARALLEVM_TEST_FAULT ?? ''
let calls = 0

function fault(): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}

export const customCrypto = {
  keccak256(message: Uint8Array): Uint8Array {
    // Not every call looks: tests run thousands of them.
    if (++calls % 8 === 0) {
      const what = fault()
      if (what === 'throw') throw new TypeError('a defect in the set-up module')
      if (what === 'exit') process.exit(threadId)
      if (what === 'hang') for (;;) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1000)
    }
    return keccak_256(message)
  },
}
