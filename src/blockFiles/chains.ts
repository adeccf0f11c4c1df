import { existsSync, statSync } from 'node:fs'
import type { ChainFile } from './chainFile.js'
import { era1Chain } from './era1.js'
import { FixtureError } from './errors.js'
import { rlpChain } from './rlpChain.js'
import { walk } from './walk.js'

/** Files of chains among these files and in these folders, in the order given. @throws FixtureError */
export function listChainFiles(inputs: readonly string[]): string[] {
  return inputs.flatMap((input) => {
    if (!existsSync(input)) throw new FixtureError('FIXTURE_NOT_FOUND', input, '', 'does not exist')
    if (!statSync(input).isDirectory()) return [input]
    const found = walk(input, (path, isFolder) => (isFolder ? 'enter' : /\.(rlp|era1)$/.test(path) ? 'take' : 'leave'))
    if (found.length === 0) throw new FixtureError('FIXTURE_NOT_FOUND', input, '', 'has no .rlp and no .era1 file')
    return found
  })
}

/** @throws FixtureError */
export async function openChainFile(path: string): Promise<ChainFile> {
  return path.endsWith('.era1') ? await era1Chain(path) : rlpChain(path)
}
