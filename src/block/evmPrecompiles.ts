import { EVMError, type EVMOpts, type ExecResult } from '@ethereumjs/evm'
import { Address } from '@ethereumjs/util'
import { gasOf, type OwnPrecompile, outputOf } from '../setup/precompiles.js'

/** Precompiled contracts of a chain's own as those of an EVM of @ethereumjs, which throws PrecompileError where one does. */
export function evmPrecompiles(contracts: readonly OwnPrecompile[]): NonNullable<EVMOpts['customPrecompiles']> {
  return contracts.map((own) => ({
    address: new Address(own.address),
    function({ data, gasLimit }) {
      const gas = gasOf(own, new Uint8Array(data))
      if (gas > gasLimit) return failed(EVMError.errorMessages.OUT_OF_GAS, gasLimit)
      const output = outputOf(own, new Uint8Array(data))
      if (output === undefined) return failed(FAILED, gasLimit)
      return { executionGasUsed: gas, returnValue: output }
    },
  }))
}

type Reason = ConstructorParameters<typeof EVMError>[0]

/** Of no kind that receipts know: the engine `wasm` says no more of it. */
const FAILED = 'precompiled contract failed' as Reason

function failed(reason: Reason, gasLimit: bigint): ExecResult {
  return { returnValue: new Uint8Array(0), executionGasUsed: gasLimit, exceptionError: new EVMError(reason) }
}
