// What go-ethereum asks for an opcode that could not be paid, or why it asks nothing: traces report the whole price of it. Prices of
// opcodes that are paid come from the core.
import { HALT_DEAD, HALT_FUNDED, HALT_STATIC, HALT_WARM, Rules } from '../abi/core.generated.js'

/** An opcode that failed, as it was before. */
export interface Failed {
  op: number
  rules: number
  /** Left when its constant gas was paid. */
  gas: bigint
  memSize: bigint
  /** HALT_*. */
  flags: number
  /** A word of the stack, 0 at the top. */
  word(index: number): bigint
  /** Of an SSTORE: values of the slot now and before the transaction. */
  current: bigint
  original: bigint
}

/** Gas beside the constant part, or the error that go-ethereum wraps, with what it names of the gas all the same. */
type Price = bigint | string | { error: string; named: bigint }

export const OVERFLOW = 'gas uint64 overflow'
const PROTECTED = 'write protection'
const OUT_OF_GAS = 'out of gas'
const SENTRY = 'not enough gas for reentrancy sentry'
const U64 = 1n << 64n

const words = (bytes: bigint): bigint => (bytes + 31n) / 32n

/** Bytes of memory that the opcode needs, undefined when that is more than 64 bits hold. */
export function memoryOf({ op, word }: Failed): bigint | undefined {
  const end = (offset: number, length: bigint): bigint | undefined => {
    if (length >= U64) return undefined
    if (length === 0n) return 0n
    const size = word(offset) + length
    // Rounded up to whole words it must fit as well.
    return size > U64 - 32n ? undefined : size
  }
  const range = (offset: number, length: number) => end(offset, word(length))
  if (op === 0x20 || op === 0xf3 || op === 0xfd || (op >= 0xa0 && op <= 0xa4)) return range(0, 1)
  if (op === 0x37 || op === 0x39 || op === 0x3e) return range(0, 2)
  if (op === 0x3c) return range(1, 3)
  if (op === 0x51 || op === 0x52) return end(0, 32n)
  if (op === 0x53) return end(0, 1n)
  if (op === 0x5e) return range(word(1) > word(0) ? 1 : 0, 2)
  if (op === 0xf0 || op === 0xf5) return range(1, 2)
  const first = op === 0xf1 || op === 0xf2 ? 3 : op === 0xf4 || op === 0xfa ? 2 : undefined
  if (first === undefined) return 0n
  const [output, input] = [range(first + 2, first + 3), range(first, first + 1)]
  if (output === undefined || input === undefined) return undefined
  return output > input ? output : input
}

function expansion(before: bigint, size: bigint): Price {
  if (words(size) * 32n > 0x1fffffffe0n) return OVERFLOW
  const fee = (count: bigint) => count * 3n + (count * count) / 512n
  return size > before ? fee(words(size)) - fee(before / 32n) : 0n
}

const plus = (price: Price, more: bigint): Price =>
  typeof price !== 'bigint' ? price : price + more >= U64 ? OVERFLOW : price + more

/** `size`: of memoryOf. */
export function dynamicPrice(failed: Failed, size: bigint): Price {
  const { op, rules, memSize, flags, word } = failed
  const memory = expansion(memSize, size)
  const cold = (flags & HALT_WARM) === 0
  const amsterdam = rules >= Rules.AMSTERDAM
  const account = rules >= Rules.BERLIN && cold ? (amsterdam ? 2900n : 2500n) : 0n
  // EIP-8038: of the code, too.
  const second = amsterdam ? 100n : 0n
  const isStatic = (flags & HALT_STATIC) !== 0
  if (op === 0x0a) {
    const bytes = BigInt(Math.ceil(word(1).toString(2).length / 8)) * (word(1) === 0n ? 0n : 1n)
    return 10n + bytes * (rules >= Rules.SPURIOUS_DRAGON ? 50n : 10n)
  }
  if (op === 0x20) return plus(memory, 6n * words(word(1)))
  if (op === 0x37 || op === 0x39 || op === 0x3e || op === 0x5e) return plus(memory, 3n * words(word(2)))
  if (op === 0x3c) return plus(plus(memory, 3n * words(word(3))), account + second)
  if (op === 0x31 || op === 0x3f) return account
  if (op === 0x3b) return account + second
  if (op >= 0xa0 && op <= 0xa4) return plus(plus(memory, 375n * BigInt(op - 0x9f)), 8n * word(1))
  if (op === 0x54) return rules < Rules.BERLIN ? 0n : cold ? 2100n : 100n
  if (op === 0x55) return isStatic ? PROTECTED : storePrice(failed, cold)
  if (op === 0xf0 || op === 0xf5) return isStatic ? PROTECTED : creationPrice(failed, memory)
  if (op === 0xff) return isStatic ? PROTECTED : selfdestructPrice(failed, cold)
  if (op === 0xf1 || op === 0xf2 || op === 0xf4 || op === 0xfa) return callPrice(failed, memory, account, isStatic)
  return memory
}

function creationPrice({ op, rules, word }: Failed, memory: Price): Price {
  if (typeof memory !== 'bigint') return memory
  const size = word(2)
  if (rules >= Rules.SHANGHAI && size > initCodeLimit(rules)) {
    return `max initcode size exceeded: code size ${size} limit ${initCodeLimit(rules)}`
  }
  const perWord = (rules >= Rules.SHANGHAI ? 2n : 0n) + (op === 0xf5 ? 6n : 0n)
  return plus(memory, perWord * words(size))
}

function initCodeLimit(rules: number): bigint {
  return 2n * codeLimit(rules)
}

export function codeLimit(rules: number): bigint {
  return rules >= Rules.AMSTERDAM ? 2n ** 16n : 24576n
}

function storePrice({ rules, gas, word, current, original }: Failed, cold: boolean): Price {
  const value = word(1)
  if (rules >= Rules.ISTANBUL && gas <= 2300n) return SENTRY
  if (rules < Rules.CONSTANTINOPLE || rules === Rules.PETERSBURG) {
    return current === 0n && value !== 0n ? 20000n : 5000n
  }
  const berlin = rules >= Rules.BERLIN
  const access = berlin && cold ? 2100n : 0n
  if (rules >= Rules.AMSTERDAM) return (cold ? 2100n : 100n) + (current !== value && original === current ? 10000n : 0n)
  const noop = berlin ? 100n : rules >= Rules.ISTANBUL ? 800n : 200n
  if (current === value || original !== current) return access + noop
  if (original === 0n) return access + 20000n
  return access + (berlin ? 2900n : 5000n)
}

/** The refund for a slot that is cleared, of an SSTORE that could not be paid: from Amsterdam on the core adds it afterwards. */
export function unpaidClear({ rules, word, current, original }: Failed, { error }: { error: string }): bigint {
  const clears = current !== 0n && original === current && word(1) === 0n
  return rules >= Rules.AMSTERDAM && error === OUT_OF_GAS && clears ? 11616n : 0n
}

function selfdestructPrice({ rules, gas, flags }: Failed, cold: boolean): Price {
  const dead = (flags & HALT_DEAD) !== 0
  const pays = dead && (rules < Rules.SPURIOUS_DRAGON || (flags & HALT_FUNDED) !== 0)
  if (rules < Rules.TANGERINE_WHISTLE) return 0n
  if (rules < Rules.BERLIN) return 5000n + (pays ? 25000n : 0n)
  if (rules >= Rules.AMSTERDAM) {
    const access = cold ? 3000n : 0n
    return gas < access ? { error: OUT_OF_GAS, named: access } : access + (pays ? 9000n : 0n)
  }
  if (cold && gas < 2600n) return OUT_OF_GAS
  return (cold ? 2600n : 0n) + (pays ? 25000n : 0n)
}

function callPrice(failed: Failed, memory: Price, access: bigint, isStatic: boolean): Price {
  const { op, rules, flags, word } = failed
  const transfers = (op === 0xf1 || op === 0xf2) && word(2) !== 0n
  const forbidden = op === 0xf1 && isStatic && transfers
  if (rules >= Rules.PRAGUE && forbidden) return PROTECTED
  let available = failed.gas
  if (available < access) return OUT_OF_GAS
  available -= access
  if (forbidden) return PROTECTED
  if (typeof memory !== 'bigint') return memory
  let base = memory + (transfers ? 9000n : 0n)
  if (op === 0xf1 && available < base) return OUT_OF_GAS
  const dead = (flags & HALT_DEAD) !== 0
  if (op === 0xf1 && dead && (rules < Rules.SPURIOUS_DRAGON || transfers)) base += 25000n
  // From Prague on what a call costs before its gas is charged at once (EIP-7702).
  if (rules >= Rules.PRAGUE) return OUT_OF_GAS
  const requested = word(0)
  if (rules < Rules.TANGERINE_WHISTLE) return requested >= U64 ? OVERFLOW : plus(base, requested)
  // As in go-ethereum the difference wraps around.
  const left = BigInt.asUintN(64, available - base)
  const most = left - left / 64n
  return plus(base + access, requested < most ? requested : most)
}
