// What runBlock of @ethereumjs/vm does with its options, results, events and errors, asked of both.
import type { Block } from '@ethereumjs/block'
import type { TypedTransaction } from '@ethereumjs/tx'
import { type AfterBlockEvent, type RunBlockOpts, runBlock as runByLibrary, type VM } from '@ethereumjs/vm'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { close, configure, runBlock } from '../../../src/vm/index.js'
import { contentsOf, MANAGERS, type ManagerName, type VmChain, vmChain } from '../../support/vmChain.js'

const test = suite('runBlock')
let chain: VmChain
const open: VM[] = []

async function vmOf(...args: Parameters<VmChain['vm']>): Promise<VM> {
  const vm = await chain.vm(...args)
  configure(vm, { threads: 2, maxMemory: 2 ** 28 })
  open.push(vm)
  return vm
}

test.before(async () => {
  chain = await vmChain(1_500_000, 3)
})
test.after.each(async () => {
  for (const vm of open.splice(0)) await close(vm)
})

for (const name of Object.keys(MANAGERS) as ManagerName[]) {
  test(`blocks that follow each other leave the state of the library: ${name}`, async () => {
    const [vm, library] = [await vmOf(name), await chain.vm(name)]
    for (let i = 0; i < 3; i++) {
      const ours = await runBlock(vm, { block: chain.block(i) })
      const theirs = await runByLibrary(library, { block: chain.block(i) })
      assert.is(ours.parallevm.engine, 'parallevm')
      assert.equal(ours.stateRoot, theirs.stateRoot)
      assert.equal(await vm.stateManager.getStateRoot(), theirs.stateRoot)
      assert.equal(await contentsOf(vm), await contentsOf(library))
    }
    // The library goes on from what was written.
    assert.equal(await codesOf(vm), await codesOf(library))
    await assertThrows(() => runByLibrary(vm, { block: chain.block(2) }), /correct nonce/)
  })
}

async function codesOf(vm: VM): Promise<number[]> {
  const addresses = chain.block(0).transactions.flatMap(({ to }) => (to === undefined ? [] : [to]))
  return await Promise.all(addresses.map(async (to) => (await vm.stateManager.getCode(to)).length))
}

test('results have what the library says of a block and of each transaction', async () => {
  const [vm, library] = [await vmOf(), await chain.vm()]
  for (let i = 0; i < 3; i++) {
    const ours = await runBlock(vm, { block: chain.block(i) })
    const theirs = await runByLibrary(library, { block: chain.block(i) })
    const { results, receipts, parallevm: _, ...rest } = ours
    const { results: theirResults, receipts: theirReceipts, blockLevelAccessList, ...theirRest } = theirs
    assert.is(blockLevelAccessList, undefined)
    assert.equal(rest, theirRest)
    assert.equal(receipts, theirReceipts)
    assert.is(results.length, theirResults.length)
    for (const [index, result] of results.entries())
      assert.equal(shown(result), shown(theirResults[index]!), `${i} ${index}`)
  }
})

/** What both know. */
function shown(result: Awaited<ReturnType<typeof runByLibrary>>['results'][number]) {
  const { execResult, bloom, createdAddress, ...rest } = result
  const { returnValue, executionGasUsed, exceptionError, logs = [] } = execResult
  return {
    ...rest,
    bitvector: bloom.bitvector,
    // Where creating failed the library names the address all the same.
    createdAddress: exceptionError === undefined ? createdAddress?.toString() : undefined,
    // A creation's is the code, which we do not tell.
    execResult: {
      returnValue: createdAddress && !exceptionError ? undefined : returnValue,
      executionGasUsed,
      exceptionError: exceptionError?.error,
      logs,
    },
  }
}

test('events come as from the library', async () => {
  const [vm, library] = [await vmOf(), await chain.vm()]
  const told = await Promise.all([
    eventsOf(vm, () => runBlock(vm, { block: chain.block(0) })),
    eventsOf(library, () => runByLibrary(library, { block: chain.block(0) })),
  ])
  assert.equal(told[0], told[1])
  assert.is(told[0].length, 2 + 2 * chain.block(0).transactions.length)
})

async function eventsOf(vm: VM, run: () => Promise<unknown>): Promise<string[]> {
  const events: string[] = []
  vm.events.on('beforeBlock', (block) => events.push(`beforeBlock ${block.header.number}`))
  vm.events.on('afterBlock', ({ block, gasUsed }) => events.push(`afterBlock ${block.header.number} ${gasUsed}`))
  vm.events.on('beforeTx', (tx: TypedTransaction) => {
    events.push(`beforeTx ${Buffer.from(tx.hash()).toString('hex')}`)
  })
  vm.events.on('afterTx', ({ transaction, totalGasSpent }) => {
    events.push(`afterTx ${Buffer.from(transaction.hash()).toString('hex')} ${totalGasSpent}`)
  })
  await run()
  return events
}

test('a listener that is waited for comes between transactions, and may look at the state there', async () => {
  const vm = await vmOf()
  const block = chain.block(0)
  const nonces: [bigint, bigint | undefined][] = []
  const nonceOf = async (tx: TypedTransaction) => (await vm.stateManager.getAccount(tx.getSenderAddress()))?.nonce
  const before = (tx: TypedTransaction, resolve?: () => void): void => {
    void nonceOf(tx).then((nonce) => {
      nonces.push([tx.nonce, nonce])
      resolve?.()
    })
  }
  vm.events.on('beforeTx', before)
  const { parallevm, stateRoot } = await runBlock(vm, { block })
  assert.match(parallevm.engine === 'ethereumjs' ? parallevm.fallback : '', /event beforeTx that is waited for/)
  assert.equal(stateRoot, block.header.stateRoot)
  assert.is(nonces.length, block.transactions.length)
  for (const [nonce, seen] of nonces) assert.is(seen ?? 0n, nonce)
  vm.events.removeAllListeners()
  vm.events.on('afterTx', (_event, resolve) => resolve?.())
  const next = await runBlock(vm, { block: chain.block(1) })
  assert.match(next.parallevm.engine === 'ethereumjs' ? next.parallevm.fallback : '', /event afterTx/)
  vm.events.removeAllListeners()
})

/** What the library alone can do is done by it, told so, and comes to the same. */
const FALLBACKS: Record<string, [RegExp, (vm: VM) => Partial<RunBlockOpts>]> = {
  'a listener of steps': [
    /event step/,
    (vm) => {
      ;(vm.evm as never as { events: { on(name: string, listener: () => void): void } }).events.on('step', () => {})
      return {}
    },
  ],
  skipNonce: [/skipNonce/, () => ({ skipNonce: true })],
  skipBalance: [/skipBalance/, () => ({ skipBalance: true })],
  reportPreimages: [/reportPreimages/, () => ({ reportPreimages: true })],
}
for (const [name, [why, prepare]] of Object.entries(FALLBACKS)) {
  test(`${name}: @ethereumjs/vm runs`, async () => {
    const vm = await vmOf()
    let began = 0
    vm.events.on('beforeBlock', () => began++)
    const block = chain.block(0)
    const { parallevm, stateRoot, preimages } = await runBlock(vm, { block, ...prepare(vm) })
    assert.is(parallevm.engine, 'ethereumjs')
    assert.match(parallevm.engine === 'ethereumjs' ? parallevm.fallback : '', why)
    assert.equal(stateRoot, block.header.stateRoot)
    assert.is(began, 1)
    if (name === 'reportPreimages') assert.ok((preimages?.size ?? 0) > 0)
    // The executor sees what the library left.
    const next = await runBlock(await calm(vm), { block: chain.block(1) })
    assert.equal([next.parallevm.engine, next.stateRoot], ['parallevm', chain.block(1).header.stateRoot])
  })
}

async function calm(vm: VM): Promise<VM> {
  ;(vm.evm as never as { events: { removeAllListeners(): void } }).events.removeAllListeners()
  return vm
}

test('generate fills in the header, and compares nothing with it', async () => {
  const [vm, library] = [await vmOf(), await chain.vm()]
  const filled = await Promise.all(
    [vm, library].map(async (one) => {
      const block = spoiled(chain.block(0), ['stateRoot', 'receiptTrie', 'transactionsTrie', 'requestsHash'])
      let after: AfterBlockEvent | undefined
      one.events.on('afterBlock', (event) => {
        after = event
      })
      const run = one === vm ? runBlock : runByLibrary
      await run(one, { block, generate: true, skipBlockValidation: true })
      return (after as AfterBlockEvent).block.hash()
    }),
  )
  assert.equal(filled[0], filled[1])
  assert.equal(filled[0], chain.block(0).hash())
})

test('a wrong root of transactions is refused with generate as well, where the block is validated', async () => {
  const [vm, library] = [await vmOf(), await chain.vm()]
  await assertSameError(vm, library, () => ({ block: spoiled(chain.block(0), ['transactionsTrie']), generate: true }))
})

test('what is wrong with a header is told as by the library, and the state is as before', async () => {
  const [vm, library] = [await vmOf(), await chain.vm()]
  const before = await vm.stateManager.getStateRoot()
  for (const field of ['stateRoot', 'receiptTrie', 'transactionsTrie', 'requestsHash', 'logsBloom'] as const) {
    for (const skipBlockValidation of [false, true]) {
      const opts = () => ({ block: spoiled(chain.block(0), [field]), skipBlockValidation })
      // The root of the transactions is not looked at then.
      if (field === 'transactionsTrie' && skipBlockValidation) continue
      await assertSameError(vm, library, opts)
      assert.equal(await vm.stateManager.getStateRoot(), before)
    }
  }
  const { parallevm } = await runBlock(vm, { block: chain.block(0) })
  assert.is(parallevm.engine, 'parallevm')
})

test('a transaction that must not be in the block is told as by the library', async () => {
  const [vm, library] = [await vmOf(), await chain.vm()]
  // Nonces of the second block do not fit the state before the first.
  await assertSameError(vm, library, () => ({ block: chain.block(1), skipBlockValidation: true }))
})

test('the blockchain validates the header, unless it is told not to', async () => {
  const blockchain = (await chain.vm()).blockchain as never as object
  const refusing = Object.assign(Object.create(blockchain), {
    validateHeader: async () => {
      throw new Error('this header is not wanted')
    },
  })
  const vm = await vmOf('plain', { blockchain: refusing })
  await assertThrows(() => runBlock(vm, { block: chain.block(0) }), /this header is not wanted/)
  for (const option of ['skipHeaderValidation', 'skipBlockValidation'] as const) {
    const root = (await chain.vm()).stateManager.getStateRoot()
    const { parallevm } = await runBlock(vm, { block: chain.block(0), root: await root, [option]: true })
    assert.is(parallevm.engine, 'parallevm')
  }
  const lacking = await vmOf('plain', {
    blockchain: Object.assign(Object.create(blockchain), { validateHeader: undefined }),
  })
  await assertThrows(() => runBlock(lacking, { block: chain.block(0) }), /blockchain has no `validateHeader` method/)
})

test('root goes back to an earlier state', async () => {
  const vm = await vmOf()
  const root = await vm.stateManager.getStateRoot()
  const first = await runBlock(vm, { block: chain.block(0) })
  await runBlock(vm, { block: chain.block(1) })
  const again = await runBlock(vm, { block: chain.block(0), root })
  assert.equal(again.stateRoot, first.stateRoot)
  assert.is(again.parallevm.engine, 'parallevm')
  const next = await runBlock(vm, { block: chain.block(1), root: first.stateRoot, clearCache: false })
  assert.equal(next.stateRoot, chain.block(1).header.stateRoot)
  await assertThrows(
    () => runBlock(vm, { block: chain.block(0), root: new Uint8Array(32).fill(7) }),
    /does not contain state root/,
  )
})

test('what others change in the state manager is seen', async () => {
  const [vm, library] = [await vmOf(), await chain.vm()]
  for (const one of [vm, library]) {
    await (one === vm ? runBlock : runByLibrary)(one, { block: chain.block(0) })
    const richest = chain.block(1).transactions[0]!.getSenderAddress()
    const account = (await one.stateManager.getAccount(richest))!
    account.balance += 12345n
    await one.stateManager.putAccount(richest, account)
  }
  const opts = () => ({ block: chain.block(1), generate: true, skipBlockValidation: true })
  const [ours, theirs] = [await runBlock(vm, opts()), await runByLibrary(library, opts())]
  assert.is(ours.parallevm.engine, 'parallevm')
  assert.equal(ours.stateRoot, theirs.stateRoot)
})

test('an open checkpoint is kept open, and can be reverted', async () => {
  const vm = await vmOf('cached')
  const before = await vm.stateManager.getStateRoot()
  await vm.stateManager.checkpoint()
  const { stateRoot, parallevm } = await runBlock(vm, { block: chain.block(0) })
  assert.is(parallevm.engine, 'parallevm')
  assert.equal(stateRoot, chain.block(0).header.stateRoot)
  await vm.stateManager.revert()
  assert.equal(await vm.stateManager.getStateRoot(), before)
  const again = await runBlock(vm, { block: chain.block(0) })
  assert.equal(again.stateRoot, stateRoot)
})

test('a hash function of its own, another fork, unsigned transactions: the library decides', async () => {
  const vm = await vmOf()
  const block = chain.block(0)
  const [first] = block.transactions
  const sender = first!.getSenderAddress()
  Object.defineProperty(first, 'getSenderAddress', { value: () => sender })
  const { parallevm } = await runBlock(vm, { block })
  assert.match(parallevm.engine === 'ethereumjs' ? parallevm.fallback : '', /transaction 0 names its sender/)
})

test('options of a VM are checked', () => {
  assert.throws(() => configure({} as VM, {}), /a VM of @ethereumjs\/vm/)
})

test('a VM is used again after it was closed', async () => {
  const vm = await vmOf()
  await runBlock(vm, { block: chain.block(0) })
  await close(vm)
  const { parallevm } = await runBlock(vm, { block: chain.block(1) })
  assert.is(parallevm.engine, 'parallevm')
})

type HashField = 'stateRoot' | 'receiptTrie' | 'transactionsTrie' | 'requestsHash' | 'logsBloom'

function spoiled(block: Block, fields: readonly HashField[]): Block {
  const header = block.header as { -readonly [Field in HashField]: Uint8Array }
  for (const field of fields) header[field] = header[field].map((byte) => byte ^ 1)
  return block
}

async function assertSameError(vm: VM, library: VM, opts: () => RunBlockOpts): Promise<void> {
  const wanted = await runByLibrary(library, opts()).then(() => assert.unreachable('accepted'), String)
  const message = await runBlock(vm, opts()).then(() => assert.unreachable('accepted by us'), String)
  assert.is(message, wanted)
}

async function assertThrows(run: () => Promise<unknown>, message: RegExp): Promise<void> {
  const error = await run().then(
    () => undefined,
    (error: Error) => error,
  )
  assert.match(error?.message ?? 'nothing was thrown', message)
}

test.run()
