// Precompiled contracts of a chain's own: what a set-up module gives, and calling it so that whatever it does has one meaning.
import { hex } from '../bytes.js'
import { type AddressLike, address, copied } from '../door/bytes.js'
import { that } from '../door/choices.js'
import { list, open, refined } from '../door/compounds.js'
import { Mismatch } from '../door/errors.js'
import { messageOf, ParallevmError } from '../errors.js'

/**
 * A precompiled contract of a chain's own. Both functions are called on every thread, any number of times and in any order, also
 * with inputs that in the end no transaction gives it: what they return must follow from the input alone. They must not wait.
 */
export interface CustomPrecompile {
  /** 20 bytes. It takes the place of a precompiled contract of the hardfork, and of code. */
  address: AddressLike
  /** Gas that a call costs, from 0 on, charged before `run`: a call with less is out of gas. */
  gas(input: Uint8Array): bigint
  /**
   * What a call returns. Undefined: it fails, and all gas that it was given is gone. An error that is thrown is no end of a call:
   * the block cannot be executed then (PrecompileError).
   */
  run(input: Uint8Array): Uint8Array | undefined
}

/** One whose address is checked. */
export interface OwnPrecompile {
  readonly address: Uint8Array
  readonly contract: CustomPrecompile
}

/**
 * A custom precompiled contract threw, or gave what is no result. The message names its address. Says nothing about the block.
 */
export class PrecompileError extends ParallevmError {
  constructor(message: string, options?: ErrorOptions) {
    super('PRECOMPILE_THREW', message, options)
  }
}

const FUNCTION = that('a function', (value): value is () => unknown => typeof value === 'function')
const CONTRACT = open('an object with address, gas and run', 'property', {
  address,
  gas: FUNCTION,
  run: FUNCTION,
})

/** What a module may export. */
export const PRECOMPILES = refined(list('precompiled contracts', CONTRACT), (contracts) => {
  const names = contracts.map((contract) => hex(address.parse(contract.address)))
  const place = names.findIndex((name, index) => names.indexOf(name) !== index)
  return place < 0 ? undefined : new Mismatch(`there are two at 0x${names[place]}`).under(`[${place}]`)
})

export function ownPrecompiles(contracts: readonly CustomPrecompile[]): OwnPrecompile[] {
  return contracts.map((contract) => ({ address: copied(address).parse(contract.address), contract }))
}

/** What does not fit into the core's gas is more than any call has. */
const MOST_GAS = 2n ** 63n - 1n

/** @throws PrecompileError */
export function gasOf(own: OwnPrecompile, input: Uint8Array): bigint {
  const gas = called(own, 'gas', () => own.contract.gas(input))
  if (typeof gas !== 'bigint' || gas < 0n) throw refusal(own, `gas gave ${String(gas)}, which is no bigint from 0 on`)
  return gas > MOST_GAS ? MOST_GAS : gas
}

/** @throws PrecompileError */
export function outputOf(own: OwnPrecompile, input: Uint8Array): Uint8Array | undefined {
  const output = called(own, 'run', () => own.contract.run(input))
  if (output === undefined || output instanceof Uint8Array) return output
  throw refusal(own, `run gave ${output === null ? 'null' : typeof output}, and neither a Uint8Array nor undefined`)
}

function called<T>(own: OwnPrecompile, name: string, call: () => T): T {
  try {
    return call()
  } catch (cause) {
    throw refusal(own, `${name} threw: ${messageOf(cause)}`, { cause })
  }
}

function refusal({ address }: OwnPrecompile, problem: string, options?: ErrorOptions): PrecompileError {
  return new PrecompileError(`the custom precompiled contract at 0x${hex(address)}: ${problem}`, options)
}
