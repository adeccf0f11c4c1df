import { OUT_OF_GAS, PRECOMPILE_FAILED, CONTRACT_THREW } from '../abi/halts'
import { OK, OUT_OF_SPACE } from '../abi/status'
import { returnData, setReturnLength } from './frames'
import { charge } from './memory'

// Precompiled contracts of a chain's own: functions of the host, by their number. Only accounts that the host gave such
// a number (ACC_PRECOMPILE) lead here.
// Decision 40 (docs/adr/0040-custom-precompiles-by-the-host.md).
//
// Invariant: the imports only read the input and write at `out`; they call nothing of this instance.

/** Gas of a call, from 0 on; below: it threw, see threw(). */
// @ts-ignore: decorator
@external('env', 'precompileGas')
declare function hostGas(index: u32, input: usize, length: u32): i64

/** Length of what the call gives; -1: the call fails; below: it threw, see threw(). */
// @ts-ignore: decorator
@external('env', 'precompileRun')
declare function hostRun(index: u32, input: usize, length: u32): i32

/** Writes what the call before gave, or what it threw. */
// @ts-ignore: decorator
@external('env', 'precompileOutput')
declare function hostOutput(out: usize): void

const FAILED: i32 = -1
/** -2 and below: as many bytes of words as it is below this. */
const THREW: i32 = -2

/** Calls contract `index` with `gasLeft`; the output becomes the return data. */
export function callCustom(index: u32, input: usize, length: u32): i32 {
  const gas = hostGas(index, input, length)
  if (gas < 0) return threw(<i32>gas)
  if (!charge(gas)) return OUT_OF_GAS
  const given = hostRun(index, input, length)
  if (given == FAILED) return PRECOMPILE_FAILED
  if (given < 0) return threw(given)
  return output(given)
}

/** Speculation may call it with what it is never called with in order: its outcome counts at the commit. */
function threw(code: i32): i32 {
  const status = output(THREW - code)
  return status == OK ? CONTRACT_THREW : status
}

function output(length: i32): i32 {
  if (!setReturnLength(<u32>length)) return OUT_OF_SPACE
  hostOutput(returnData)
  return OK
}
