// Whether a changed block may be accepted.

import { createTxFromBlockBodyData } from '@ethereumjs/tx'
import { bytesToHex, equalsBytes } from '@ethereumjs/util'
import { keccak_256 } from '@noble/hashes/sha3.js'
import { bodyOf } from '../../block/body.js'
import { ChainCommons } from '../../block/common.js'
import { decodeBlock } from '../../block/decode.js'
import { executingCommon } from '../../block/executingCommon.js'
import { compareResults } from '../../executor/compare.js'
import { runReference } from '../../reference/reference.js'
import type { BlockResult } from '../../types.js'
import { resultDifference } from '../results.js'
import type { Subject } from './subjects.js'
import { encodeTree, parseTree } from './tree.js'

/**
 * A changed block that was accepted has a hash of its own, that of the header in its bytes, and the results that the unchanged
 * header holds: no random change of a header puts the root of another state into it.
 *
 * @returns what is wrong
 */
export function judgeAccepted(bytes: Uint8Array, result: BlockResult, base: BlockResult): string | undefined {
  if (equalsBytes(result.hash, base.hash)) return 'it is accepted under the hash of the unchanged block'
  const [header] = parseTree(bytes).items
  const hash = keccak_256(encodeTree(header as never))
  if (!equalsBytes(result.hash, hash)) return `its hash is ${bytesToHex(hash)}, not ${bytesToHex(result.hash)}`
  const changed = resultDifference(result, base)
  return changed && `it is accepted with other results than the unchanged block: ${changed}`
}

/** The reference accepts it with the same results. @returns what is wrong */
export async function judgeByReference(
  subject: Subject,
  bytes: Uint8Array,
  result: BlockResult,
): Promise<string | undefined> {
  // Senders that are given are taken for true, whatever the signatures say.
  const senders = subject.senders ?? sendersOf(bytes, subject)
  const { rules, preState, parentHeaders } = subject
  const blockHashes = new Map([...subject.blockHashes, [result.number - 1n, keccak_256(parentHeaders[0]!)] as const])
  try {
    const reference = await runReference(bytes, preState, { rules, senders, blockHashes })
    compareResults(result, reference, 'ethereumjs')
  } catch (error) {
    return `it is accepted, the reference does not agree: ${(error as Error).message}`
  }
  return undefined
}

function sendersOf(bytes: Uint8Array, { rules }: Subject): Uint8Array[] {
  const { transactions, header } = decodeBlock(bytes, new ChainCommons(rules, executingCommon))
  const { common } = header
  return transactions.map((tx) => createTxFromBlockBodyData(bodyOf(tx), { common }).getSenderAddress().bytes)
}
