import { messageOf, ParallevmError } from '../errors.js'

/** A state store cannot be opened as it is, or its engine failed. What it held is still there. */
export class StoreError extends ParallevmError {
  /** The folder, where there is one. */
  readonly path: string | undefined
  constructor(code: StoreErrorCode, message: string, options?: ErrorOptions & { path?: string }) {
    super(code, message, options)
    this.path = options?.path
  }
}

type StoreErrorCode =
  | 'STORE_ENGINE_MISSING'
  | 'STORE_LOCKED'
  | 'STORE_OTHER_CHAIN'
  | 'STORE_VERSION'
  | 'STORE_CORRUPT'
  | 'STORE_FULL'
  | 'STORE_EMPTY'
  | 'STORE_FAILED'
  | 'CANNOT_REVERT'

const CORRUPT =
  /MDB_(INVALID|CORRUPTED|PAGE_NOTFOUND|VERSION_MISMATCH|PANIC|CURSOR_FULL|BAD_TXN)|not an LMDB file|corrupt/i
const FULL = /MDB_MAP_FULL|ENOSPC|no space left|disk full/i

/** What an engine threw, by what is to be done about it. */
export function storeError(what: string, cause: unknown, path: string | undefined): ParallevmError {
  if (cause instanceof ParallevmError) return cause
  const text = messageOf(cause)
  const where = path === undefined ? '' : ` ${path}`
  const options = { cause, ...(path !== undefined && { path }) }
  if (FULL.test(text) || (cause as NodeJS.ErrnoException)?.code === 'ENOSPC') {
    return new StoreError('STORE_FULL', `no room for ${what} in the state store${where}: ${text}`, options)
  }
  if (CORRUPT.test(text)) return corrupt(`${what}: ${text}`, path, cause)
  return new StoreError('STORE_FAILED', `the state store${where} failed for ${what}: ${text}`, options)
}

export function corrupt(what: string, path: string | undefined, cause?: unknown): StoreError {
  const where = path === undefined ? '' : ` ${path}`
  return new StoreError(
    'STORE_CORRUPT',
    `the state store${where} is damaged (${what}): put a copy of it in its place, or import the chain into another folder`,
    { cause, ...(path !== undefined && { path }) },
  )
}
