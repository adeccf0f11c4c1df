import type { BytesLike } from '../door/bytes.js'
import { streamed } from '../door/compounds.js'
import { InvalidInputError, Mismatch, under } from '../door/errors.js'
import { check, mismatchError } from '../door/shape.js'
import { ACCOUNTS, CODES, InvalidStateError, invalidState, type MemoryAccount } from './inputs.js'
import type { BaseWriter, StateSource } from './source.js'

/**
 * A whole state, held in the executor's shared memory: what is not given does not exist. The state root covers exactly
 * these accounts. They are read, one after another, when an executor is created with this state or setState takes it.
 *
 * @throws InvalidStateError when these are no lists; what is wrong with an item is thrown by create or setState
 */
export function memoryState(accounts: Iterable<MemoryAccount>, codes: Iterable<BytesLike> = []): StateSource {
  const allAccounts = check(streamed(ACCOUNTS), accounts, 'accounts', invalidState)
  const allCodes = check(streamed(CODES), codes, 'codes', invalidState)
  let read = false
  return {
    kind: 'memory',
    attach(writer: BaseWriter): void {
      if (read) {
        refuseSecondReading(accounts, 'accounts')
        refuseSecondReading(codes, 'codes')
      }
      read = true
      // Codes first: an account may name one by its hash.
      putAll('codes', allCodes, (code) => writer.putCode(code))
      putAll('accounts', allAccounts, ({ address, storage, ...account }, index) => {
        const path = `[${index}]`
        nested(path, () => writer.putAccount(address, account))
        if (storage === undefined) return
        let slot = 0
        try {
          for (const [key, value] of storage) nested(`[${slot++}]`, () => writer.putStorage(address, key, value))
        } catch (error) {
          throw under(`${path}.storage`, error)
        }
      })
    },
  }
}

/** A generator gives its items once: the second executor would get an empty state. */
function refuseSecondReading(list: Iterable<unknown>, name: string): void {
  const iterator: unknown = list[Symbol.iterator]?.()
  if (iterator !== list) return
  throw new InvalidStateError(name, 'an iterator that was read already; give an array, or make another state')
}

function putAll<T>(name: string, items: Iterable<T>, put: (item: T, index: number) => void): void {
  let index = 0
  try {
    for (const item of items) put(item, index++)
  } catch (error) {
    throw mismatchError(error, name, invalidState)
  }
}

/** What the writer refuses, as part of the list that it comes from. */
function nested(path: string, put: () => void): void {
  try {
    put()
  } catch (error) {
    if (!(error instanceof InvalidInputError)) throw error
    throw new Mismatch(error.problem).under(`${path}.${error.field.replace('account.', '')}`)
  }
}
