// A block in shared memory, taken apart by the core where it lies (assembly/block/readBlock.ts).
import type { MemoryView } from '../abi/blockRequest.js'
import { D_NUMBER, D_TIMESTAMP, Status } from '../abi/core.generated.js'
import { OutOfSpaceError } from '../errors.js'
import type { Core } from './core.js'

/** Memory for one block. */
export interface BlockPlace {
  readonly core: Core
  /** Of the places of assembly/block/ahead.ts. */
  readonly number: number
  /** Its memory. */
  readonly memory: MemoryView
}

/**
 * Copies the bytes of a block into its place and reads them there.
 * @param formatsAt the formats (assembly/abi/scan.ts) of blocks with this number and timestamp; undefined: not known
 * @returns address of the record of its parts (assembly/abi/blockParts.ts); undefined when something is not of its format,
 * or the core cannot tell
 */
export function readBlock(
  { core, number: place, memory }: BlockPlace,
  bytes: Uint8Array,
  formatsAt: (number: bigint, timestamp: bigint) => Uint8Array | undefined,
): number | undefined {
  const { exports, view } = core
  try {
    const block = exports.outlineBlock(place, put(memory, bytes), bytes.length) >>> 0
    if (block === 0) return undefined
    const [number, timestamp] = [D_NUMBER, D_TIMESTAMP].map((at) => view.getBigUint64(block + at, true)) as [
      bigint,
      bigint,
    ]
    const formats = formatsAt(number, timestamp)
    if (formats === undefined) return undefined
    return exports.readBlock(block, place, put(memory, formats)) === Status.OK ? block : undefined
  } catch (error) {
    if (error instanceof OutOfSpaceError) return undefined
    throw error
  }
}

function put(memory: MemoryView, bytes: Uint8Array): number {
  const at = memory.blockAlloc(bytes.length)
  memory.bytes(at, bytes.length).set(bytes)
  return at
}
