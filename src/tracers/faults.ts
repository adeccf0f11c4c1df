// How go-ethereum words the end of a frame that failed, and what it says of the opcode that failed.
import * as abi from '../abi/core.generated.js'
import { Halt, Rules } from '../abi/core.generated.js'
import { opcodeName } from '../abi/opcodeNames.js'
import { baseGas, OPCODES, type OpcodeRow } from '../abi/registry.js'
import { getWord } from '../abi/word256.js'
import { codeLimit, dynamicPrice, type Failed, memoryOf, OVERFLOW } from './prices.js'

export interface Fault {
  error: string
  /** Gas that go-ethereum names for the opcode. */
  cost: bigint
  /** It could be paid, and failed while it ran: go-ethereum tells of it twice. */
  paid: boolean
}

const ROWS = new Map<number, OpcodeRow>(OPCODES.map((row) => [row.code, row]))
const INVALID = 0xfe
const SECOND_READ = 100

const RUNNING: Readonly<Record<number, string>> = {
  [Halt.REVERTED]: 'execution reverted',
  [Halt.INVALID_JUMP]: 'invalid jump destination',
  [Halt.STATIC_VIOLATION]: 'write protection',
  [Halt.RETURN_DATA_OUT_OF_BOUNDS]: 'return data out of bounds',
}

/** What became of the step of a halt; undefined when it ended its frame as it should, or the run was given up. */
export function faultAt(view: DataView, bytes: Buffer, at: number, rules: number): Fault | undefined {
  const status = view.getUint32(at + abi.T_STATUS, true)
  if (status < Halt.REVERTED) return undefined
  const op = bytes[at + abi.T_OP] as number
  const gas = view.getBigInt64(at + abi.T_GAS, true)
  if (status === Halt.REVERTED) {
    return { error: 'execution reverted', cost: gas - view.getBigInt64(at + abi.T_GAS_AFTER, true), paid: true }
  }
  const row = ROWS.get(op)
  if (row === undefined || row.since > rules || op === INVALID) {
    return { error: `invalid opcode: ${opcodeName(op)}`, cost: 0n, paid: true }
  }
  const fixed = BigInt(constantGas(row, rules))
  const unpaid = (error: string, cost = fixed): Fault => ({ error, cost, paid: false })
  const height = view.getUint32(at + abi.T_HEIGHT, true)
  const pops = row.immediate === undefined ? row.pops : (DEEP[op] as number)
  if (height < pops) return unpaid(`stack underflow (${height} <=> ${pops})`)
  const most = 1024 + row.pops - row.pushes
  if (height > most) return unpaid(`stack limit reached ${height} (${most})`)
  if (gas < fixed) return unpaid('out of gas')
  if (row.immediate !== undefined) {
    return {
      error: deepError(op, view.getUint32(at + abi.T_FLAGS, true) >>> abi.HALT_OPERAND, height),
      cost: fixed,
      paid: true,
    }
  }
  const failed = { ...failedAt(view, bytes, at, rules), gas: gas - fixed }
  const size = memoryOf(failed)
  if (size === undefined) return unpaid(OVERFLOW)
  const price = dynamicPrice(failed, size)
  if (typeof price === 'string') return unpaid(`out of gas: ${price}`)
  if (typeof price === 'object') return unpaid(`out of gas: ${price.error}`, fixed + price.named)
  // The account of a creation is paid for when it runs (EIP-8037).
  if (failed.gas >= price && rules >= Rules.AMSTERDAM && (op === 0xf0 || op === 0xf5)) {
    return { error: RUNNING[status] ?? 'out of gas', cost: fixed + price, paid: true }
  }
  if (failed.gas < price || RUNNING[status] === undefined) return unpaid('out of gas', fixed + price)
  return { error: RUNNING[status], cost: fixed + price, paid: true }
}

/** DUPN, SWAPN, EXCHANGE (EIP-8024): words that the stack has at least, whatever the byte behind them says. */
const DEEP: Readonly<Record<number, number>> = { 230: 1, 231: 2, 232: 2 }

/** Why one of them failed that was paid. */
function deepError(op: number, operand: number, height: number): string {
  const most = op === 232 ? 81 : 90
  if (operand > most && operand < 128) {
    return `invalid opcode: ${opcodeName(op)} (operand: 0x${operand.toString(16).padStart(2, '0')})`
  }
  return `stack underflow (${height} <=> ${op === 232 ? farther(operand) + 1 : ((operand + 145) % 256) + op - 230})`
}

/** The farther of the two words that EXCHANGE swaps. */
function farther(operand: number): number {
  const k = operand ^ 143
  const [row, column] = [k >> 4, k & 15]
  return row < column ? column + 1 : Math.max(column + 1, 29 - row)
}

/** The opcode of a halt, as it was before. */
export function failedAt(view: DataView, bytes: Buffer, at: number, rules: number): Failed {
  const count = view.getUint32(at + abi.T_WORDS, true)
  return {
    op: bytes[at + abi.T_OP] as number,
    rules,
    gas: view.getBigInt64(at + abi.T_GAS, true),
    memSize: BigInt(view.getUint32(at + abi.T_MEM_SIZE, true)),
    flags: view.getUint32(at + abi.T_FLAGS, true),
    word: (index) => (index < count ? getWord(view, at + abi.T_HALT_SIZE + 32 * (count - 1 - index)) : 0n),
    current: getWord(view, at + abi.T_SLOT_VALUE),
    original: getWord(view, at + abi.T_SLOT_BEFORE),
  }
}

/** The part of an opcode's price that go-ethereum charges before it looks at operands. */
function constantGas(row: OpcodeRow, rules: number): number {
  const { code } = row
  if (code === 0x0a || code === 0x55 || (code >= 0xa0 && code <= 0xa4)) return 0
  if (rules >= Rules.BERLIN ? code === 0x54 : code === 0xff) return 0
  // The second look of these at the state (EIP-8038) comes with the first.
  const second = rules >= Rules.AMSTERDAM && (code === 0x3b || code === 0x3c) ? SECOND_READ : 0
  return baseGas(row, rules as Rules) - second
}

/**
 * How a frame failed that no opcode of its own made fail. `length`: bytes of what a creation returned, `begins` with that byte;
 * `left`: gas that it had then.
 */
export function exitError(status: number, length: number, begins: number, left: bigint, rules: number): string {
  switch (status) {
    case Halt.REVERTED:
      return 'execution reverted'
    case Halt.CODE_TOO_LONG:
      if (begins === 0xef && rules >= Rules.LONDON) return INVALID_CODE
      if (rules < Rules.AMSTERDAM && left < 200n * BigInt(length)) return CODE_UNPAID
      return `max code size exceeded: code size ${length} limit ${codeLimit(rules)}`
    case Halt.INVALID_CODE:
      return INVALID_CODE
    case Halt.CODE_STORE_OUT_OF_GAS:
      return CODE_UNPAID
    case Halt.CREATE_COLLISION:
      return 'contract address collision'
    case abi.EXIT_DEPTH:
      return 'max call depth exceeded'
    case abi.EXIT_BALANCE:
      return 'insufficient balance for transfer'
    case abi.EXIT_NONCE:
      return 'nonce uint64 overflow'
    default:
      return 'out of gas'
  }
}

const INVALID_CODE = 'invalid code: must not begin with 0xef'
const CODE_UNPAID = 'contract creation code storage out of gas'
