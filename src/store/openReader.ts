import { messageOf, ParallevmError } from '../errors.js'
import type { ReaderSpec, RowReader } from '../sources/rows.js'

type ReaderModule = { openReader(options: unknown): RowReader | Promise<RowReader> }

/** Opens the rows for this thread. @throws ParallevmError where the engine does not let it */
export async function openReader({ module, options }: ReaderSpec): Promise<RowReader> {
  try {
    return await (await load(module)).openReader(options)
  } catch (cause) {
    if (cause instanceof ParallevmError) throw cause
    throw new ParallevmError('STORE_FAILED', `a thread cannot read the state store: ${messageOf(cause)}`, { cause })
  }
}

async function load(module: ReaderSpec['module']): Promise<ReaderModule> {
  if (module === 'lmdb') return await import('./lmdb.js')
  if (module === 'memory') return await import('./memory.js')
  return (await import(module)) as ReaderModule
}
