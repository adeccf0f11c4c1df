import { bytesToHex } from '@ethereumjs/util'
import { compareResults } from '../executor/compare.js'
import type { BlockResult } from '../types.js'

/** @returns the first thing in which two results of the same engine differ */
export function resultDifference(result: BlockResult, base: BlockResult): string | undefined {
  try {
    compareResults(result, base, 'sequential')
  } catch (error) {
    return (error as Error).message
  }
  const [ours, theirs] = [result, base].map(({ stateRoot }) => stateRoot && bytesToHex(stateRoot))
  return ours === theirs ? undefined : `state root ${ours}, not ${theirs}`
}
