import { Refusal } from '../abi/core.generated.js'
import type { CheckedCall } from './callShapes.js'
import type { CallResult } from './callTypes.js'
import type { SimulatedCall, SimulatedTransaction } from './simulateTypes.js'

/** Codes of errors over JSON-RPC, as go-ethereum gives them. */
const [REVERTED, VM_ERROR, INTERNAL] = [3, -32015, -32603]
const CODES: Readonly<Record<number, number>> = {
  [Refusal.NONCE_TOO_LOW]: -38010,
  [Refusal.NONCE_TOO_HIGH]: -38011,
  [Refusal.FEE_BELOW_BASE_FEE]: -38012,
  [Refusal.INTRINSIC_GAS_TOO_LOW]: -38013,
  [Refusal.INSUFFICIENT_FUNDS]: -38014,
  [Refusal.NO_GAS_LEFT]: -38015,
  [Refusal.SENDER_NOT_EOA]: -38024,
  [Refusal.TX_INIT_CODE_TOO_LONG]: -38025,
}

/** Of a refusal by its number. */
export function refusalCode(rule: number): number {
  return CODES[rule] ?? INTERNAL
}

export function simulatedCall({
  status,
  returnData,
  gasUsed,
  logs,
  error: reason,
  revertReason,
}: CallResult): SimulatedCall {
  const call: SimulatedCall = { status: status === 'success' ? 1 : 0, returnData, gasUsed, logs }
  if (reason === undefined) return call
  const reverted = status === 'reverted'
  const why = revertReason === undefined ? '' : `: ${revertReason}`
  const message = reverted ? `execution reverted${why}` : reason
  call.error = { code: reverted ? REVERTED : VM_ERROR, message, reason, ...(reverted && { data: returnData }) }
  return call
}

/** As it was asked. */
export function simulatedTransaction(call: CheckedCall): SimulatedTransaction {
  const { from, to, data, value, gasPrice, maxFeePerGas } = call
  return {
    type: call.authorizationList === undefined ? 2 : 4,
    from: from ?? new Uint8Array(20),
    ...(to && { to }),
    input: data ?? new Uint8Array(0),
    value: value ?? 0n,
    maxFeePerGas: maxFeePerGas ?? gasPrice ?? 0n,
  }
}
