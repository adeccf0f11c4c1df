import type { WasmMemory } from './host.js'

/** As Atomics.wait says it, by what the core expects (assembly/mem/wait.ts). */
const ANSWERS = { ok: 0, 'not-equal': 1, 'timed-out': 2 } as const

/**
 * How a thread of the core sleeps: decision 43 (docs/adr/0043-waiting-through-the-host.md). `word`: an address, a multiple of
 * 4; `ms`: milliseconds at most.
 */
export function waitImport(memory: WasmMemory): (word: number, expected: number, ms: number) => number {
  // Made by the first wait: a thread may be started before it has anything to wait for.
  let words: Int32Array | undefined
  return (word, expected, ms) => {
    words ??= new Int32Array(memory.buffer)
    return ANSWERS[Atomics.wait(words, word >>> 2, expected, ms)]
  }
}
