// A state to develop on: changed by hand, and taken back to where it was.
import { sameBytes } from '../bytes.js'
import type { AccountWrite } from './accountWrite.js'
import type { RunContext } from './blockRun.js'
import type { CheckedOverrides } from './callShapes.js'
import { StateReader } from './stateReader.js'
import { writeAccounts } from './writeAccounts.js'

type Context = Pick<RunContext, 'state' | 'closing'>

const NOTHING = new Uint8Array(0)

/** @throws as writeAccounts and StateReader.account */
export async function setAccounts(context: Context, accounts: CheckedOverrides): Promise<void> {
  const reader = new StateReader(context.state, context.closing)
  const writes: AccountWrite[] = []
  for (const [address, { nonce, balance, code, state, stateDiff }] of accounts) {
    const before = await reader.account(address)
    const empty =
      (nonce ?? before?.nonce ?? 0n) === 0n &&
      (balance ?? before?.balance ?? 0n) === 0n &&
      (code === undefined ? hasNoCode(context, before?.codeHash) : code.length === 0)
    const fields = {
      ...(nonce !== undefined && { nonce }),
      ...(balance !== undefined && { balance }),
      ...(code && { code }),
    }
    const slots = state ?? stateDiff ?? []
    // EIP-161: an empty account is none.
    if (empty) writes.push({ address, exists: false, nonce: 0n, balance: 0n, code: NOTHING, clears: true, slots: [] })
    else writes.push({ address, exists: true, ...fields, clears: state !== undefined, slots })
  }
  await writeAccounts(context, writes)
}

function hasNoCode({ state }: Context, codeHash: Uint8Array | undefined): boolean {
  return codeHash === undefined || sameBytes(codeHash, state.block.codeHashOf(0))
}

/** @throws ParallevmError CANNOT_REVERT; as writeAccounts */
export async function revertTo(context: Context, id: number): Promise<void> {
  const { snapshots } = context.state
  const { writes, latest } = snapshots.back(id)
  if (writes.length > 0) await writeAccounts(context, writes)
  snapshots.reverted(id)
  context.state.latest = latest
}
