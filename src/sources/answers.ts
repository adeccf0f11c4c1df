// What a source answers while blocks run is as little to be trusted as any other input: a value that cannot be is named
// before it gets into the shared memory, where it would be cut to size without a word.
import { show } from '../door/errors.js'
import { InvalidStateError } from './inputs.js'
import type { BaseAccount, StagedState } from './source.js'

const MAX_NONCE = 2n ** 64n - 1n
const MAX_BALANCE = 2n ** 256n - 1n

/** @throws InvalidStateError */
export function checkedAccount(answer: BaseAccount | undefined): BaseAccount | undefined {
  if (answer === undefined) return undefined
  if (typeof answer !== 'object' || answer === null) {
    throw new InvalidStateError(
      'account',
      `${show(answer)} is no account: answer undefined for one that does not exist`,
    )
  }
  const { nonce, balance, codeHash, storageRoot, code } = answer
  checkInteger('account.nonce', nonce, MAX_NONCE)
  checkInteger('account.balance', balance, MAX_BALANCE)
  if (codeHash !== undefined) checkBytes('account.codeHash', codeHash, 32)
  if (storageRoot !== undefined) checkBytes('account.storageRoot', storageRoot, 32)
  if (code !== undefined && !(code instanceof Uint8Array)) {
    throw new InvalidStateError('account.code', `expected a Uint8Array, got ${show(code)}`)
  }
  if (code !== undefined && code.length > 0 && codeHash === undefined) {
    throw new InvalidStateError('account.codeHash', 'the account has code but no codeHash: give both')
  }
  return answer
}

/** @throws InvalidStateError */
export function checkedStorage(answer: Uint8Array): Uint8Array {
  if (!(answer instanceof Uint8Array))
    throw new InvalidStateError('storage', `expected a Uint8Array, got ${show(answer)}`)
  if (answer.length > 32)
    throw new InvalidStateError('storage', `the value has ${answer.length} bytes: a slot has at most 32`)
  return answer
}

/** @throws InvalidStateError */
export function checkedRoot(answer: Uint8Array | undefined): Uint8Array {
  const root = checkBytes('root', answer, 32)
  // Managers without tries answer so; keccak-256 of a node it is not.
  if (root.every((byte) => byte === 0)) {
    throw new InvalidStateError('root', 'it is zero, which no trie has: execute with root: false')
  }
  return root
}

/** @throws InvalidStateError */
export function checkedStaged(answer: StagedState, wantsRoot: boolean): StagedState {
  for (const step of ['keep', 'drop'] as const) {
    if (typeof answer?.[step] !== 'function') throw new InvalidStateError('stage', `the answer has no \`${step}\``)
  }
  if (wantsRoot) checkedRoot(answer.root)
  return answer
}

function checkInteger(name: string, value: unknown, max: bigint): void {
  if (typeof value === 'bigint' && value >= 0n && value <= max) return
  throw new InvalidStateError(name, `expected a bigint from 0 to ${max}, got ${show(value)}`)
}

function checkBytes(name: string, value: unknown, length: number): Uint8Array {
  if (value instanceof Uint8Array && value.length === length) return value
  throw new InvalidStateError(name, `expected ${length} bytes, got ${show(value)}`)
}
