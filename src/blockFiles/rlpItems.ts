import type { PiecewiseFile } from './chainFile.js'
import { malformed } from './errors.js'

/**
 * First byte after the RLP list that begins at `at`; undefined where the file ends in it.
 * @param kind what the file has lists of, for the message
 * @throws FixtureError when no list begins there
 */
export function listEnd(file: PiecewiseFile, at: number, kind: string): number | undefined {
  const head = file.at(at, 9)
  const first = head[0] as number
  if (first < 0xc0) throw malformed(file.path, '', `has no list at byte ${at}: it is no file of RLP ${kind}`)
  const sizeBytes = Math.max(0, first - 0xf7)
  const size = head.subarray(1, 1 + sizeBytes).reduce((sum, byte) => sum * 256 + byte, 0)
  const end = at + 1 + sizeBytes + (sizeBytes === 0 ? first - 0xc0 : size)
  return end > file.size ? undefined : end
}
