// Opcodes that look at accounts and storage: each body asks for another one, which no transaction has touched.
import { Op } from '../../abi/registry.js'
import { toBytes } from '../../bytes.js'
import type { Assembler } from '../assembler.js'
import { slotNumber } from '../world.js'
import { bodies, counting, loop, nameOf, numbers, type WorstCase } from './case.js'

const COLD_ACCOUNT = 2600
const COLD_SLOT = 2100
/** Gas of the longest access list: its transaction does nothing else. */
const LIST_ADDRESS = 2400
const LIST_KEY = 1900

const addressOf = (number: bigint): Uint8Array => toBytes(number, 20)

/** Longest code there may be (EIP-170), of STOP, different for each number, with a jump over all of it. */
export function longCode(number: bigint): Uint8Array {
  const code = new Uint8Array(24_576)
  const end = code.length - 2
  code.set([Op.PUSH2, end >> 8, end & 255, Op.JUMP])
  code.set(toBytes(number, 8), 4)
  code.set([Op.JUMPDEST, Op.STOP], end)
  return code
}

/** Bodies over accounts that exist. `gas` is that of a body, `account` what there is to each. */
export function accounts(
  name: string,
  opcodes: readonly number[],
  gas: number,
  body: (asm: Assembler) => void,
  account: (number: bigint) => { balance?: bigint; code?: Uint8Array } = () => ({}),
  setup?: (asm: Assembler) => void,
): WorstCase {
  return {
    name,
    opcodes,
    code: (site) => {
      const each = bodies(site, gas)
      for (const number of numbers(site, each)) {
        site.world.state.set(addressOf(number), { balance: 1n, ...account(number) })
      }
      return counting(each, { body, gas }, setup)
    },
  }
}

const longCoded = (number: bigint) => ({ code: longCode(number) })

/** EXTCODECOPY of all of a long code to the start of memory. */
function copyCode(asm: Assembler): void {
  asm.push(24_576n)
  asm.op(Op.PUSH0, Op.PUSH0, Op.DUP4, Op.EXTCODECOPY)
}
const COPY_GAS = 3 + 2 + 2 + 3 + 3 * 768

function payForMemory(asm: Assembler): void {
  asm.op(Op.PUSH0)
  asm.push(24_576n - 32n)
  asm.op(Op.MSTORE)
}

/** Bodies over slots, with the value `before` in each, if there is one. */
function slots(name: string, opcode: number, gas: number, body: (asm: Assembler) => void, before?: bigint): WorstCase {
  return {
    name,
    opcodes: [opcode],
    code: (site) => {
      const each = bodies(site, gas)
      for (const number of before === undefined ? [] : numbers(site, each)) {
        site.world.state.setSlot(site.address, slotNumber(number), slotNumber(before!))
      }
      return counting(each, { body, gas })
    },
  }
}

const pushed = (op: number) => (asm: Assembler) => asm.op(Op.DUP1, op, Op.POP)
const stored = (op: number) => (asm: Assembler) => asm.op(Op.DUP1, Op.DUP1, op)
/** The same place again and again, on numbers that change. */
const transient = (opcode: number): WorstCase => ({
  name: `${nameOf(opcode)}, new slots`,
  opcodes: [opcode],
  code: (site) =>
    counting(bodies(site, 100), { body: opcode === Op.TLOAD ? pushed(Op.TLOAD) : stored(Op.TSTORE), gas: 106 }),
})

function warm(name: string, opcodes: readonly number[], setup: number[], body: number[], gas: number): WorstCase {
  return {
    name: `${name}, warm`,
    opcodes,
    code: () => loop({ setup: (asm) => asm.op(...setup), body: (asm) => asm.op(...body), times: 50, gas }),
  }
}

function accessList(name: string, entry: number, list: (numbers: bigint[]) => [Uint8Array, Uint8Array[]][]): WorstCase {
  return {
    name: `access list of ${name}`,
    code: () => Uint8Array.of(Op.STOP),
    accessList: (site, transaction) => {
      // What a transaction costs before its list: its own 21,000, a word of calldata and an address.
      const count = Math.floor((site.gas - 24_500) / entry)
      const first = 1n + BigInt(transaction * count)
      return list(Array.from({ length: count }, (_, index) => first + BigInt(index)))
    },
  }
}

export const STATE: readonly WorstCase[] = [
  accounts('BALANCE, cold', [Op.BALANCE], COLD_ACCOUNT + 5, pushed(Op.BALANCE)),
  accounts('EXTCODESIZE, cold', [Op.EXTCODESIZE], COLD_ACCOUNT + 5, pushed(Op.EXTCODESIZE), longCoded),
  accounts('EXTCODEHASH, cold', [Op.EXTCODEHASH], COLD_ACCOUNT + 5, pushed(Op.EXTCODEHASH), longCoded),
  accounts(
    ...(['EXTCODECOPY of 24 KB, cold', [Op.EXTCODECOPY], COLD_ACCOUNT + COPY_GAS, copyCode, longCoded] as const),
    payForMemory,
  ),
  warm(nameOf(Op.BALANCE), [Op.BALANCE], [], [Op.ORIGIN, Op.BALANCE, Op.POP], 104),
  slots('SLOAD, cold', Op.SLOAD, COLD_SLOT + 5, pushed(Op.SLOAD), 1n),
  slots('SLOAD of nothing, cold', Op.SLOAD, COLD_SLOT + 5, pushed(Op.SLOAD)),
  warm(nameOf(Op.SLOAD), [Op.SLOAD], [], [Op.PUSH1, 1, Op.SLOAD, Op.POP], 105),
  slots('SSTORE, cold, new slots', Op.SSTORE, 22_100 + 6, stored(Op.SSTORE)),
  slots('SSTORE, cold, changed slots', Op.SSTORE, 5000 + 6, stored(Op.SSTORE), 1n),
  {
    // The last of 50 wants 2,300 gas more than it takes (EIP-2200).
    ...warm(
      nameOf(Op.SSTORE),
      [Op.SSTORE],
      [Op.PUSH1, 1],
      [Op.DUP1, Op.PUSH0, Op.SSTORE, Op.PUSH1, 1, Op.ADD],
      111 + 2300 / 50,
    ),
    leastGas: 60_000,
  },
  transient(Op.TLOAD),
  transient(Op.TSTORE),
  accessList('keys', LIST_KEY, (keys) => [[addressOf(1n), keys.map(slotNumber)]]),
  accessList('addresses', LIST_ADDRESS, (each) => each.map((number) => [addressOf(number << 32n), []])),
]
