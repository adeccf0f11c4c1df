import { checkAccessList } from '../block/accessList.js'
import { checkResult } from '../block/checks.js'
import type { ChainRules } from '../block/common.js'
import { sameBytes } from '../bytes.js'
import type { ReferenceResult } from '../reference/reference.js'
import type { BlockResult } from '../types.js'
import { abortable } from './abortable.js'
import { BaseReader } from './baseReader.js'
import type { BlockInput } from './blockInput.js'
import { compareResults } from './compare.js'
import { WrongStateError } from './errors.js'
import type { VerifyMode } from './options.js'
import type { SharedState } from './sharedState.js'

/** Before anything of the state is believed: is it the one after the parent? @throws WrongStateError, OutOfSpaceError */
export function checkStateBefore(
  state: SharedState,
  { header, parent }: BlockInput,
  verify: VerifyMode,
  wantsRoot: boolean,
): void {
  if (parent === undefined) return
  const { triesFromBase, partialWitness } = state.capabilities
  if (triesFromBase && verify !== 'none' && wantsRoot) state.openTries()
  const { root } = state
  if (root === undefined || sameBytes(root, parent.stateRoot)) return
  // Only a witness comes from somebody who need not be trusted; other states are the caller's own.
  if (partialWitness || verify !== 'none') throw new WrongStateError(header.number, root, parent.stateRoot)
}

/** A result, and what it is compared with. */
export interface Verified {
  input: BlockInput
  /** The block as it was given. */
  bytes: Uint8Array
  result: BlockResult
  /** 20 bytes each, as they were given or recovered. */
  senders: () => Uint8Array[]
  /** Of the same block in order, for `sequential`. */
  sequential: BlockResult | undefined
  /** What the header says of the result is not meant to be right. */
  generate: boolean
  /** RLP of the access list that came with the block. */
  accessList: Uint8Array | undefined
}

/** @throws InvalidBlockError, DifferenceError, or what the reference throws */
export async function verifyResult(
  state: SharedState,
  rules: ChainRules,
  verify: VerifyMode,
  block: Verified,
  closing: AbortSignal,
): Promise<void> {
  if (verify === 'none') return
  const { result, sequential, generate } = block
  const { receiptsRoot, gasUsed, blobGasUsed, logsBloom, requests, stateRoot } = result
  if (receiptsRoot !== undefined && !generate) {
    const made = { gasUsed, blobGasUsed, logsBloom, receiptsRoot, requests, ...(stateRoot && { stateRoot }) }
    checkResult(block.input.header, made)
  }
  if (result.blockAccessList !== undefined && !generate) {
    checkAccessList(block.input.header, result.blockAccessList, block.accessList)
  }
  if (sequential !== undefined) compareResults(result, sequential, 'sequential')
  if (verify !== 'ethereumjs') return
  compareResults(result, await reference(state, rules, block, closing), 'ethereumjs')
}

/** Plain @ethereumjs/vm may read what the engine had no need of: it is fetched, and the reference begins again. */
async function reference(
  { block, capabilities, reads, precompiles }: SharedState,
  rules: ChainRules,
  { input: { blockHashes }, bytes, senders }: Verified,
  closing: AbortSignal,
): Promise<ReferenceResult> {
  // With the EVM of @ethereumjs, which nobody else needs on this thread.
  const { runReference } = await import('../reference/reference.js')
  for (;;) {
    const reader = new BaseReader(block)
    let result: ReferenceResult | undefined
    let failure: unknown
    try {
      result = await runReference(bytes, reader, { rules, senders: senders(), blockHashes, precompiles })
    } catch (error) {
      failure = error
    }
    if (reader.missing === undefined) {
      if (result === undefined) throw failure
      return result
    }
    const { missing } = reader.missing
    if (!capabilities.fetches || missing === undefined) throw reader.missing
    await abortable(reads.load(missing), closing)
  }
}
