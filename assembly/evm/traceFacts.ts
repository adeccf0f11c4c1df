import { HALT_DEAD, HALT_DESTROYED, HALT_FUNDED, T_FLAGS, T_SLOT_BEFORE, T_SLOT_VALUE } from '../abi/trace'
import { OK } from '../abi/status'
import { u256Copy, u256IsZero, u256SetZero } from '../u256'
import { txAccount, txSlot } from '../journal/txTable'
import { answer, needBalance, needDead, needSlot } from '../journal/txReads'
import { A_BALANCE, A_FLAGS, DESTROYED, S_BEFORE, S_VALUE } from '../journal/txRecords'
import { F_SELF } from './frames'

/**
 * What the price of an opcode that could not be paid depends on besides its operands: clients report the whole price.
 * `frame`: 0 when the opcode is not one of those. What is not known, because the block's execution never asked for it,
 * is taken as absent.
 */
export function noteFacts(at: usize, frame: usize, op: u32, top: usize, height: u32): void {
  u256SetZero(at + T_SLOT_VALUE)
  u256SetZero(at + T_SLOT_BEFORE)
  if (frame == 0 || height < (op == 0xff ? 1 : 2)) return
  const self: usize = load<u32>(frame, F_SELF)
  if (op == 0x55) {
    const slot = txSlot(self, top, 0)
    if (slot == 0 || needSlot(slot) != OK) return
    u256Copy(slot + S_VALUE, at + T_SLOT_VALUE)
    u256Copy(slot + S_BEFORE, at + T_SLOT_BEFORE)
    return
  }
  if (op != 0xf1 && op != 0xff) return
  const other = txAccount(op == 0xf1 ? top - 32 : top)
  let flags = load<u32>(at, T_FLAGS)
  if (other != 0 && needDead(other) == OK && answer) flags |= HALT_DEAD
  if (needBalance(self) == OK && !u256IsZero(self + A_BALANCE)) flags |= HALT_FUNDED
  if (load<u32>(self, A_FLAGS) & DESTROYED) flags |= HALT_DESTROYED
  store<u32>(at, flags, T_FLAGS)
}
