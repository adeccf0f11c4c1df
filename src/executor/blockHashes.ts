import { BLOCKHASH_WINDOW } from '../block/ancestors.js'
import { EngineError } from '../block/errors.js'
import { bytes } from '../door/bytes.js'
import { check } from '../door/shape.js'
import type { BlockInput } from './blockInput.js'
import { invalidOptions } from './errors.js'
import type { ExecuteOptions } from './options.js'

export type FindBlockHash = NonNullable<ExecuteOptions['findBlockHash']>

const HASH = bytes(32)

export function isHashMissing(error: unknown): boolean {
  return error instanceof EngineError && error.code === 'BLOCK_HASH_MISSING'
}

/**
 * Adds all hashes that BLOCKHASH may ask for and that are not known yet: which one it is that lacks is not told.
 * @throws InvalidOptionsError for an answer that is no hash; what `find` throws
 */
export async function addHashes({ header, blockHashes }: BlockInput, find: FindBlockHash): Promise<void> {
  const window = BigInt(BLOCKHASH_WINDOW)
  const oldest = header.number > window ? header.number - window : 0n
  const unknown: bigint[] = []
  for (let number = oldest; number < header.number; number++) if (!blockHashes.has(number)) unknown.push(number)
  const found = await Promise.all(unknown.map(async (number) => [number, await find(number)] as const))
  for (const [number, hash] of found) {
    if (hash === undefined) continue
    blockHashes.set(number, check(HASH, hash, `options.findBlockHash(${number})`, invalidOptions))
  }
}
