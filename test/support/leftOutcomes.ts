// Blocks that were executed, without executing them: their transactions leave outcomes of every shape.
import { BlockMode, OUTCOME_FAILED, OUTCOME_SUCCESS } from '../../src/abi/core.generated.js'
import { type ExecutedOutcome, encodeOutcome, type Outcome, type OutcomeLog } from '../../src/abi/outcome.js'
import { BlockCore } from '../../src/wasm/blockCore.js'
import { Core } from '../../src/wasm/core.js'

/** Lengths at which RLP changes its form. */
const LENGTHS = [0, 1, 31, 55, 56, 255, 256, 1000, 65_535, 65_536]

export function randomOutcomes(random: (below: number) => number) {
  const bytes = (length: number): Uint8Array => Uint8Array.from({ length }, () => random(256))
  const log = (): OutcomeLog => {
    const length = random(20) === 0 ? LENGTHS[random(LENGTHS.length)]! : LENGTHS[random(6)]!
    return [bytes(20), Array.from({ length: random(5) }, () => bytes(32)), bytes(length)]
  }
  const outcome = (): ExecutedOutcome => {
    const failed = random(4) === 0
    const logs = failed ? [] : Array.from({ length: [0, 0, 1, 2, 7][random(5)]! }, log)
    return {
      kind: failed ? OUTCOME_FAILED : OUTCOME_SUCCESS,
      error: failed ? 'out of gas' : '',
      gasUsed: [21_000n, 127n, 128n, 2n ** 40n][random(4)]!,
      blobGasUsed: BigInt(random(3)) * 131_072n,
      effectiveGasPrice: 7n,
      minerValue: 1n,
      executionGas: 20_000n,
      gasRefund: 4_800n,
      returnData: bytes(random(3) * 20),
      logs,
      ...(random(5) === 0 && { createdAddress: bytes(20) }),
      // The core merges what it is given: any bits do.
      ...(logs.length > 0 && { bloom: bytes(256) }),
    }
  }
  return { bytes, outcome }
}

export function newBlock(maxBytes: number): BlockCore {
  const block = new BlockCore(Core.create({ maxBytes }), 0)
  block.initTables(1n)
  return block
}

/** A block of one thread whose transactions came to these outcomes. */
export function leave(block: BlockCore, outcomes: readonly Outcome[]): void {
  block.blockBegin(outcomes.length + 2, 1, BlockMode.SEQUENTIAL)
  const work = encodeOutcome({ kind: 3, requests: [] })
  for (let task = block.nextTask(); task >= 0; task = block.nextTask()) {
    block.exports.txBegin(task)
    block.txEnd(task === 0 || task > outcomes.length ? work : encodeOutcome(outcomes[task - 1]!))
  }
}
