import { arenaAlloc } from '../mem/arena'
import { copyBytes, fillBytes } from '../mem/bulk'
import { tableArena } from '../mem/thread'
import { bitmapSize } from './jumpdests'
import {
  JUMPS_END, R_DUP_ADD, R_DUP_AND, R_DUP_DUP, R_DUP_DUP_ADD, R_DUP_DUP_SUB, R_DUP_ISZERO_JUMPI, R_DUP_JUMP, R_DUP_JUMPI,
  R_DUP_MLOAD, R_DUP_MSTORE, R_DUP_MSTORE_PUSH_ADD, R_DUP_PUSH_ADD, R_DUP_PUSH_ADD_MLOAD, R_DUP_SWAP, R_EQ_JUMPI,
  R_GT_ISZERO_JUMPI, R_GT_JUMPI, R_ISZERO_JUMPI, R_JUMP, R_JUMPI, R_LT_ISZERO_JUMPI, R_LT_JUMPI, R_ONES, R_ONES_AND,
  R_ONES_DUP_AND, R_POPS, R_POPS_JUMP, R_PUSH2_DUP_DUP, R_PUSH20_AND, R_PUSH_ADD, R_PUSH_DUP, R_PUSH_DUP_ADD,
  R_PUSH_DUP_ADD_MSTORE, R_PUSH_DUP_DUP, R_PUSH_DUP_MLOAD, R_PUSH_MLOAD, R_PUSH_MSTORE, R_PUSH_PUSH, R_PUSH_SHL,
  R_PUSH_SHR, R_SELECT, R_SWAP_DUP, R_SWAP_DUP_MSTORE, R_SWAP_JUMP, R_SWAP_POP, R_SWAP_SWAP, R_SWAP_SWAP_POPS_JUMP,
  R_SWAP_SWAP_SWAP, ROWS, ROWS_END,
} from './rows'

// Rows of opcodes become one byte each (rows.ts) in a copy of the code. All keep their places, so that a program
// counter means the same in both. Nothing jumps into the middle of a row: a jump leads to a JUMPDEST and goes on behind
// it, where a row may begin; in a row there is none.
//
// Only what is run is worth it: each jump asks whether the place where it leads is done (a bitmap, which lies before
// the copy), and what is not is done then, to the next opcode behind which nothing goes on.
//
// Invariant: what is written into a copy hangs on the code alone, and each byte that changes is written once, with its
// last value; a bit is set (atomic) after all the bytes that whoever comes there can reach without a jump. So who has
// read the bit (atomic) sees the rows, and two threads that do the same place at once write the same.
// Decision 45 (docs/adr/0045-rows-of-opcodes-as-one.md).

const STOP: u32 = 0x00, RETURN: u32 = 0xf3, REVERT: u32 = 0xfd, SELFDESTRUCT: u32 = 0xff
const ADD: u32 = 0x01, SUB: u32 = 0x03, LT: u32 = 0x10, GT: u32 = 0x11, EQ: u32 = 0x14, ISZERO: u32 = 0x15
const AND: u32 = 0x16, SHL: u32 = 0x1b, SHR: u32 = 0x1c, POP: u32 = 0x50, MLOAD: u32 = 0x51, MSTORE: u32 = 0x52
const JUMP: u32 = 0x56, JUMPI: u32 = 0x57, JUMPDEST: u32 = 0x5b, PUSH1: u32 = 0x60, PUSH2: u32 = 0x61
const PUSH4: u32 = 0x63, PUSH20: u32 = 0x73, PUSH32: u32 = 0x7f, DUP1: u32 = 0x80, SWAP1: u32 = 0x90
const DUPN: u32 = 0xe6, EXCHANGE: u32 = 0xe8, INVALID: u32 = 0xfe

/** Zero bytes that follow the code, and the copy: a row is looked for no farther. */
const PADDING: usize = 33

/** Of the code that is worked on: the bitmap of its jump destinations, and its length. */
let destinations: usize = 0
let codeLength: u32 = 0

/** Makes the copy of a code and does its begin; 0 when out of space. */
export function makeCopy(code: usize, length: u32, valid: usize): usize {
  const bits = bitmapSize(length)
  const made = arenaAlloc(tableArena, bits + length + PADDING)
  if (made == 0) return 0
  fillBytes(made, 0, bits)
  copyBytes(made + bits, code, <usize>length + PADDING)
  fuse(code, length, valid, made + bits, 0)
  return made + bits
}

/** Which places of the copy are done. */
// @ts-ignore: decorator
@inline
export function doneOf(copy: usize, length: u32): usize {
  return copy - bitmapSize(length)
}

/** Does a place of the copy, an opcode, and what follows; `valid`: the bitmap of the jump destinations. */
export function fuse(code: usize, length: u32, valid: usize, copy: usize, place: u32): void {
  destinations = valid
  codeLength = length
  const done = doneOf(copy, length)
  let to = place
  while (to < length) {
    const op: u32 = load<u8>(code + to)
    if (op == JUMPDEST && to != place && isSet(done, to)) break
    const size = fuseAt(code + to, copy + to)
    const made: u32 = load<u8>(copy + to)
    to += size
    if (ends(made)) break
  }
  // A place between is reached by a jump, too; none lies in a row, nor in what a PUSH has.
  for (let byte = place >> 3; byte << 3 < to && byte << 3 < length; byte++) {
    let bits: u32 = load<u8>(valid + byte)
    if (byte == place >> 3) bits &= <u32>-1 << (place & 7)
    if (byte == to >> 3) bits &= (<u32>1 << (to & 7)) - 1
    if (bits != 0) atomic.or<u8>(done + byte, <u8>bits)
  }
}

// @ts-ignore: decorator
@inline
export function isSet(bitmap: usize, place: u32): bool {
  return ((<u32>atomic.load<u8>(bitmap + (<usize>place >> 3)) >> (place & 7)) & 1) != 0
}

/** Nothing goes on behind the opcode or the row. */
function ends(op: u32): bool {
  if (op - ROWS < JUMPS_END - ROWS) return true
  return op == STOP || op == JUMP || op == RETURN || op == REVERT || op == INVALID || op == SELFDESTRUCT
}

/** What begins at `code`, to its place in the copy; returns its size. */
function fuseAt(code: usize, out: usize): u32 {
  const op: u32 = load<u8>(code)
  if (op - PUSH1 < 32) return fusePush(code, op, out)
  if (op - DUP1 < 16) return fuseDup(code, op - DUP1, out)
  if (op - SWAP1 < 16) return fuseSwap(code, op - SWAP1, out)
  switch (op) {
    case POP:
      return fusePops(code, out)
    case ISZERO:
      return branches(code, 1) ? jump(R_ISZERO_JUMPI, code, 1, out) : 1
    case EQ:
      return branches(code, 1) ? jump(R_EQ_JUMPI, code, 1, out) : 1
    case LT:
      return fuseOrder(code, R_LT_JUMPI, R_LT_ISZERO_JUMPI, out)
    case GT:
      return fuseOrder(code, R_GT_JUMPI, R_GT_ISZERO_JUMPI, out)
    default:
      if (op - DUPN <= EXCHANGE - DUPN) {
        // An immediate byte follows (EIP-8024), none that looks like a PUSH or a JUMPDEST.
        return at(code, 1) - JUMPDEST <= PUSH32 - JUMPDEST ? 1 : 2
      }
      if (op - ROWS < ROWS_END - ROWS) store<u8>(out, <u8>INVALID)
      return 1
  }
}

function fuseOrder(code: usize, plain: u32, negated: u32, out: usize): u32 {
  if (branches(code, 1)) return jump(plain, code, 1, out)
  return at(code, 1) == ISZERO && branches(code, 2) ? jump(negated, code, 2, out) : 1
}

function fusePops(code: usize, out: usize): u32 {
  const n = popsAt(code)
  const jumps = at(code, n) == JUMP
  if (n == 1 && !jumps) return 1
  row(jumps ? R_POPS_JUMP : R_POPS, n, out)
  return jumps ? n + 1 : n
}

/** How many POPs begin at `code`, as far as a byte counts. */
function popsAt(code: usize): u32 {
  let n: u32 = 0
  while (n < 255 && at(code, n) == POP) n++
  return n
}

/** `m`: the depth of the SWAP, less 1. */
function fuseSwap(code: usize, m: u32, out: usize): u32 {
  const next = at(code, 1)
  const third = at(code, 2)
  if (next == POP) return row(R_SWAP_POP, m + 1, out)
  if (next == JUMP) return row(R_SWAP_JUMP, m + 1, out)
  if (next - DUP1 < 16) {
    const both = m | ((next - DUP1) << 4)
    if (third != MSTORE) return row(R_SWAP_DUP, both, out)
    row(R_SWAP_DUP_MSTORE, both, out)
    return 3
  }
  if (next - SWAP1 >= 16) return 1
  const both = m | ((next - SWAP1) << 4)
  if (third - SWAP1 < 16) {
    row(R_SWAP_SWAP_SWAP, both, out)
    store<u8>(out, <u8>(third - SWAP1), 2)
    return 3
  }
  const pops = popsAt(code + 2)
  if (pops == 0 || at(code, 2 + pops) != JUMP) return row(R_SWAP_SWAP, both, out)
  row(R_SWAP_SWAP_POPS_JUMP, both, out)
  store<u8>(out, <u8>pops, 2)
  return 3 + pops
}

/** `m`: the depth of the DUP, less 1. */
function fuseDup(code: usize, m: u32, out: usize): u32 {
  const next = at(code, 1)
  if (next - DUP1 < 16) {
    const third = at(code, 2)
    const row3 = third == ADD ? R_DUP_DUP_ADD : third == SUB ? R_DUP_DUP_SUB : 0
    row(row3 != 0 ? row3 : R_DUP_DUP, m | ((next - DUP1) << 4), out)
    return row3 != 0 ? 3 : 2
  }
  if (next - SWAP1 < 16) return row(R_DUP_SWAP, m | ((next - SWAP1) << 4), out)
  switch (next) {
    case AND:
      return row(R_DUP_AND, m + 1, out)
    case ADD:
      return row(R_DUP_ADD, m + 1, out)
    case MLOAD:
      return row(R_DUP_MLOAD, m + 1, out)
    case MSTORE:
      if (at(code, 2) != PUSH1 || at(code, 4) != ADD) return row(R_DUP_MSTORE, m + 1, out)
      row(R_DUP_MSTORE_PUSH_ADD, m + 1, out)
      return 5
    case PUSH1: {
      if (at(code, 3) != ADD) return 1
      const loads = at(code, 4) == MLOAD
      row(loads ? R_DUP_PUSH_ADD_MLOAD : R_DUP_PUSH_ADD, m + 1, out)
      return loads ? 5 : 4
    }
    case PUSH2: {
      const branch = branches(code, 1)
      if (!branch && !leads(code, 1, JUMP)) return 1
      store<u8>(out, <u8>(m + 1), 1)
      return jump(branch ? R_DUP_JUMPI : R_DUP_JUMP, code, 1, out)
    }
    case ISZERO:
      if (!branches(code, 2)) return 1
      store<u8>(out, <u8>(m + 1), 1)
      return jump(R_DUP_ISZERO_JUMPI, code, 2, out)
    case PUSH4:
      if (m != 0 || at(code, 6) != EQ || !branches(code, 7)) return 1
      store<u32>(out, bswap<u32>(load<u32>(code, 2)), 2)
      return jump(R_SELECT, code, 7, out)
    default:
      return 1
  }
}

function fusePush(code: usize, op: u32, out: usize): u32 {
  if (op == PUSH1) return fusePush1(code, out)
  if (op == PUSH20 && at(code, 21) == AND) {
    return named(R_PUSH20_AND, 22, out)
  }
  if (op == PUSH2) {
    if (branches(code, 0)) return jump(R_JUMPI, code, 0, out)
    if (leads(code, 0, JUMP)) return jump(R_JUMP, code, 0, out)
    if (at(code, 3) - DUP1 < 16 && at(code, 4) - DUP1 < 16) {
      store<u8>(out, <u8>R_PUSH2_DUP_DUP)
      store<u16>(out, bswap<u16>(load<u16>(code, 1)), 1)
      store<u8>(out, <u8>((at(code, 3) - DUP1) | ((at(code, 4) - DUP1) << 4)), 3)
      return 5
    }
  }
  return op - PUSH1 + 2
}

function fusePush1(code: usize, out: usize): u32 {
  const next = at(code, 2)
  if (next - DUP1 < 16) return fusePushDup(code, next - DUP1, out)
  switch (next) {
    case PUSH1: {
      const size = at(code, 1) == 1 && at(code, 3) == 1 && at(code, 4) == PUSH1 ? fuseOnes(code, out) : 0
      if (size != 0) return size
      store<u8>(out, <u8>R_PUSH_PUSH)
      store<u8>(out, <u8>at(code, 3), 2)
      return 4
    }
    case ADD:
      return named(R_PUSH_ADD, 3, out)
    case SHL:
      return named(R_PUSH_SHL, 3, out)
    case SHR:
      return named(R_PUSH_SHR, 3, out)
    case MLOAD:
      return named(R_PUSH_MLOAD, 3, out)
    case MSTORE:
      return named(R_PUSH_MSTORE, 3, out)
    default:
      return 2
  }
}

/** PUSH1 and a DUP of depth m + 1. */
function fusePushDup(code: usize, m: u32, out: usize): u32 {
  const next = at(code, 3)
  if (next - DUP1 < 16) {
    store<u8>(out, <u8>R_PUSH_DUP_DUP)
    store<u8>(out, <u8>(m | ((next - DUP1) << 4)), 2)
    return 4
  }
  store<u8>(out, <u8>(m + 1), 2)
  if (next == MLOAD) {
    return named(R_PUSH_DUP_MLOAD, 4, out)
  }
  if (next != ADD || m == 0) {
    return named(R_PUSH_DUP, 3, out)
  }
  const stores = at(code, 4) == MSTORE
  store<u8>(out, <u8>(stores ? R_PUSH_DUP_ADD_MSTORE : R_PUSH_DUP_ADD))
  return stores ? 5 : 4
}

/** PUSH1 1 PUSH1 1 PUSH1 is there; 0 when it does not go on as 2^8n - 1 does. */
function fuseOnes(code: usize, out: usize): u32 {
  const bits = at(code, 5)
  if (at(code, 6) != SHL || at(code, 7) != SUB || (bits & 7) != 0) return 0
  const next = at(code, 8)
  if (next == AND) {
    row(R_ONES_AND, bits >> 3, out)
    return 9
  }
  if (next - DUP1 < 16 && next != DUP1 && at(code, 9) == AND) {
    row(R_ONES_DUP_AND, bits >> 3, out)
    store<u8>(out, <u8>(next - DUP1 + 1), 2)
    return 10
  }
  row(R_ONES, bits >> 3, out)
  return 8
}

// @ts-ignore: decorator
@inline
function at(code: usize, offset: u32): u32 {
  return load<u8>(code + offset)
}

/** The byte of a row whose arguments are where they are to be; its size. */
function named(name: u32, size: u32, out: usize): u32 {
  store<u8>(out, <u8>name)
  return size
}

/** A row of two bytes, or the beginning of a longer one. */
function row(name: u32, argument: u32, out: usize): u32 {
  store<u8>(out, <u8>name)
  store<u8>(out, <u8>argument, 1)
  return 2
}

/** A row that ends with the PUSH2 at `offset` and its jump. */
function jump(name: u32, code: usize, offset: u32, out: usize): u32 {
  store<u8>(out, <u8>name)
  store<u16>(out + offset, bswap<u16>(load<u16>(code + offset, 1)), 1)
  return offset + 4
}

/** Whether there is PUSH2 JUMPI, to a destination. */
// @ts-ignore: decorator
@inline
function branches(code: usize, offset: u32): bool {
  return leads(code, offset, JUMPI)
}

/** Whether there is a PUSH2 of a destination, and that jump. */
function leads(code: usize, offset: u32, how: u32): bool {
  if (at(code, offset) != PUSH2 || at(code, offset + 3) != how) return false
  const target: u32 = bswap<u16>(load<u16>(code + offset, 1))
  return target < codeLength && isDestination(destinations, target)
}

// @ts-ignore: decorator
@inline
export function isDestination(valid: usize, place: u32): bool {
  return ((<u32>load<u8>(valid + (<usize>place >> 3)) >> (place & 7)) & 1) != 0
}
