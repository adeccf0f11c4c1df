// The access list of an executed block as the core makes it (assembly/block/accessList.ts).
import * as abi from '../abi/core.generated.js'
import type { BlockCore, MissingValue } from './blockCore.js'
import { MissingStateError } from './blockCore.js'
import { memoryView } from './memoryView.js'

export interface PackedAccessList {
  /** The caller's own. */
  rlp: Uint8Array
  items: number
}

/**
 * @param count transactions of the block, its own work not counted, that all were executed and noted what they touched
 * @returns what must be fetched first (async source), or the list
 * @throws OutOfSpaceError, MissingStateError, MalformedStateError
 */
export function packAccessList(block: BlockCore, count: number): PackedAccessList | { missing: MissingValue } {
  const { core, exports } = block
  const at = memoryView(block).blockAlloc(abi.AL_SIZE)
  const status = exports.accessList(count + 2, at)
  if (status === abi.Status.MISSING) {
    const missing = block.lastMissing()
    if (missing === undefined) throw new MissingStateError(undefined)
    return { missing }
  }
  block.check(status, 'the access list')
  return {
    rlp: core.read(core.u32(at + abi.AL_RLP), core.u32(at + abi.AL_LENGTH)),
    items: core.u32(at + abi.AL_ITEMS),
  }
}
