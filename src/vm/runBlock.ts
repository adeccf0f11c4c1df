import { type Block, createBlock } from '@ethereumjs/block'
import type { RunBlockOpts, VM } from '@ethereumjs/vm'
import { requestsHash } from '../block/requests.js'
import { OutOfSpaceError, ParallevmError } from '../errors.js'
import type { ExecuteOptions } from '../executor/options.js'
import { StateUnknownError } from '../sources/errors.js'
import type { BlockResult } from '../types.js'
import { innerVm } from './inner.js'
import { runByLibrary } from './library.js'
import { resultOf } from './results.js'
import { enqueue, ready } from './sessions.js'
import type { RunBlockResult } from './types.js'
import { canCheckHeader, checksHeader, whyLibrary } from './whyLibrary.js'

/**
 * In place of `runBlock` of @ethereumjs/vm 10, with its options, result, events and errors; the state after the block is in the
 * VM's state manager. What the executor cannot do, and each block that it refuses, is run by @ethereumjs/vm itself:
 * `result.parallevm` says who ran the block, and why.
 *
 * The events `beforeTx` and `afterTx` come when all transactions are executed, those of one after the other; where a listener has
 * the second parameter, so that the VM waits for it, the library runs the block. `results` lack
 * what is only known while a transaction runs: `selfdestruct`, `createdAddresses`, `accessList`; the `returnValue` of a creation
 * that succeeded is empty, and the code in the state manager.
 *
 * @throws what `runBlock` of @ethereumjs/vm throws; StateUnknownError when the state manager could neither keep a block nor
 * take it back
 * @example
 * import { runBlock } from 'parallevm/vm'
 * const { stateRoot, receipts } = await runBlock(vm, { block })
 */
export async function runBlock(vm: VM, opts: RunBlockOpts): Promise<RunBlockResult> {
  return await enqueue(vm, () => run(vm, opts))
}

async function run(vm: VM, opts: RunBlockOpts): Promise<RunBlockResult> {
  const { block } = opts
  await innerVm(vm)._emit('beforeBlock', block)
  if ((opts.setHardfork ?? innerVm(vm)._setHardfork) === true) {
    vm.common.setHardforkBy({ blockNumber: block.header.number, timestamp: block.header.timestamp })
  }
  const reason = whyLibrary(vm, opts)
  if (reason !== undefined) return await runByLibrary(vm, opts, reason)
  if (opts.root !== undefined) await vm.stateManager.setStateRoot(opts.root, opts.clearCache ?? true)
  await checkBefore(vm, opts)
  let executed: BlockResult
  try {
    executed = await execute(vm, opts)
  } catch (error) {
    if (!(error instanceof ParallevmError) || error instanceof StateUnknownError) throw error
    // Whether it is right or wrong with the block, the library has the last word, and its own words for it.
    return await runByLibrary(vm, opts, `${error.code}: ${error.message}`)
  }
  const result = resultOf(block, executed)
  await tell(vm, opts, executed, result)
  return result
}

/** What needs no execution, as far as it is not told by the block's own bytes. @throws as the library */
async function checkBefore({ blockchain }: VM, opts: RunBlockOpts): Promise<void> {
  const { block, generate, skipBlockValidation, validateBlockSize } = opts
  if (checksHeader(opts) && canCheckHeader(blockchain)) await blockchain.validateHeader(block.header)
  // Also of a block whose header is to be made, the given one must have the right root of transactions.
  if (generate === true && skipBlockValidation !== true)
    await block.validateData(false, true, validateBlockSize ?? false)
}

/** A memory that is full is filled anew, once. */
async function execute(vm: VM, opts: RunBlockOpts): Promise<BlockResult> {
  try {
    return await executeOn(vm, opts, false)
  } catch (error) {
    if (!(error instanceof OutOfSpaceError)) throw error
    return await executeOn(vm, opts, true)
  }
}

async function executeOn(vm: VM, opts: RunBlockOpts, fresh: boolean): Promise<BlockResult> {
  const { block } = opts
  const { executor, has } = await ready(vm, onSchedule(vm, block), fresh)
  has(undefined)
  try {
    const result = await executor.execute(block.serialize(), { ...executeOptions(opts), findBlockHash: hashFinder(vm) })
    has(result.stateRoot)
    return result
  } catch (error) {
    // A block that failed leaves the state as it was; one that could not be told from others does not.
    has(await vm.stateManager.getStateRoot())
    throw error
  }
}

function executeOptions({ block, generate, skipBlockValidation }: RunBlockOpts): ExecuteOptions {
  const { transactions } = block
  const known = transactions.length > 0 && transactions.every(({ cache }) => cache.senderPubKey !== undefined)
  return {
    generate: generate === true,
    verify: skipBlockValidation !== true ? 'header' : generate === true ? 'none' : 'result',
    ...(known && { senders: transactions.map((tx) => tx.getSenderAddress()) }),
  }
}

/** Whether the VM's hardfork is the one that its chain has for the block. */
function onSchedule({ common }: VM, { header: { number, timestamp } }: Block): boolean {
  try {
    return common.getHardforkBy({ blockNumber: number, timestamp }) === common.hardfork()
  } catch {
    return false
  }
}

function hashFinder({ blockchain }: VM): NonNullable<ExecuteOptions['findBlockHash']> {
  return async (number) => (await blockchain.getBlock(Number(number))).hash()
}

async function tell(vm: VM, opts: RunBlockOpts, executed: BlockResult, result: RunBlockResult): Promise<void> {
  const { block } = opts
  if (vm.events.listenerCount('beforeTx') + vm.events.listenerCount('afterTx') > 0) {
    for (const [index, transaction] of block.transactions.entries()) {
      await innerVm(vm)._emit('beforeTx', transaction)
      await innerVm(vm)._emit('afterTx', {
        transaction,
        ...(result.results[index] as RunBlockResult['results'][number]),
      })
    }
  }
  if (vm.events.listenerCount('afterBlock') === 0) return
  await innerVm(vm)._emit('afterBlock', {
    ...result,
    block: opts.generate === true ? filled(vm, block, executed) : block,
  })
}

/** The block with the fields of its header that were made. */
function filled({ common }: VM, block: Block, executed: BlockResult): Block {
  const { stateRoot, logsBloom, gasUsed, receiptsRoot, requests, generated } = executed
  const header = { ...block.header, stateRoot, logsBloom, gasUsed, receiptTrie: receiptsRoot }
  const made = { ...header, transactionsTrie: generated?.transactionsRoot, requestsHash: requestsHashOf(requests) }
  return createBlock({ ...block, header: made } as never, { common })
}

function requestsHashOf(requests: Uint8Array[] | undefined): Uint8Array | undefined {
  return requests && requestsHash(requests)
}
