// Tracing through the executor: one tracer against another and against what the block came to, streams, ends, and bad input.
import { Common, Mainnet } from '@ethereumjs/common'
import { RLP } from '@ethereumjs/rlp'
import { createTxFromBlockBodyData } from '@ethereumjs/tx'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { bundledCases, loadCase } from '../../../src/blockFiles/index.js'
import type { CallTrace, OpcodeGas, PrestateDiff, StructLogs, TraceOptions } from '../../../src/executor/traceTypes.js'
import { BlockExecutor, memoryState, witnessState } from '../../../src/index.js'

const block = loadCase(bundledCases().find((path) => path.includes('mainnet-mix-small')) as string)
const { preState, blockRlp, parentHeaders, blockHashes } = block
const given = { parentHeaders, blockHashes, ...(block.senders && { senders: block.senders }) }
const state = () =>
  preState.kind === 'witness' ? witnessState(preState) : memoryState(preState.accounts, preState.codes)

async function withExecutor<T>(threads: number, use: (executor: BlockExecutor) => Promise<T>): Promise<T> {
  const executor = await BlockExecutor.create({ chain: 'mainnet', hardfork: block.fork, state: state(), threads })
  try {
    return await use(executor)
  } finally {
    await executor.close()
  }
}

async function all<T>(executor: BlockExecutor, options: Partial<TraceOptions>): Promise<T[]> {
  const results: T[] = []
  for await (const { result } of executor.trace(blockRlp, { ...given, ...options } as TraceOptions)) {
    results.push(result as T)
  }
  return results
}

const gas = (hex: string): number => Number(BigInt(hex))

test('call traces, steps and counts of opcodes say the same as receipts, and on any number of threads', async () => {
  const [one, three] = await Promise.all(
    [1, 3].map((threads) =>
      withExecutor(threads, async (executor) => {
        const calls = await all<CallTrace>(executor, { tracer: 'callTracer', config: { withLog: true } })
        const steps = await all<StructLogs>(executor, { tracer: 'structLogger', config: { disableStack: true } })
        const opcodes = await all<OpcodeGas>(executor, { tracer: 'opcodeGas' })
        const { receipts } = await executor.execute(blockRlp, { ...given, root: false })
        return { calls, steps, opcodes, receipts }
      }),
    ),
  )
  assert.equal(one?.calls, three?.calls)
  assert.equal(one?.opcodes, three?.opcodes)
  assert.equal(one?.steps, three?.steps)
  let logs = 0
  for (const [index, receipt] of (one?.receipts ?? []).entries()) {
    const call = one?.calls[index] as CallTrace
    const steps = one?.steps[index] as StructLogs
    const before = index === 0 ? 0n : (one?.receipts[index - 1]?.cumulativeGasUsed ?? 0n)
    assert.is(gas(call.gasUsed), Number(receipt.cumulativeGasUsed - before))
    assert.is(steps.gas, gas(call.gasUsed))
    assert.is(steps.failed, receipt.status === 0)
    const found = logsOf(call)
    assert.equal(
      found.map(({ data }) => data),
      receipt.logs.map(({ data }) => `0x${Buffer.from(data).toString('hex')}`),
    )
    assert.equal(
      found.map(({ index: place }) => Number(place)),
      receipt.logs.map((_, place) => logs + place),
    )
    logs += receipt.logs.length
    const opcodes = Object.values(one?.opcodes[index] ?? {})
    assert.is(
      opcodes.reduce((sum, { count }) => sum + count, 0),
      steps.structLogs.length,
    )
    // Of a frame without calls the opcodes' gas is all that it used.
    if (call.calls === undefined && !call.error && steps.structLogs.length > 0) {
      const used = (steps.structLogs[0]?.gas ?? 0) - (steps.structLogs.at(-1)?.gas ?? 0)
      assert.is(
        opcodes.reduce((sum, { gas }) => sum + gas, 0),
        used + (steps.structLogs.at(-1)?.gasCost ?? 0),
      )
    }
  }
})

function logsOf({ logs = [], calls = [] }: CallTrace): NonNullable<CallTrace['logs']> {
  // In the order in which they were made: calls stand between the logs at their positions.
  const found: NonNullable<CallTrace['logs']> = []
  for (let i = 0; i <= calls.length; i++) {
    found.push(...logs.filter(({ position }) => Number(position) === i))
    if (i < calls.length) found.push(...logsOf(calls[i] as CallTrace))
  }
  return found
}

test('the differences of the transactions, one after another, are that of the block', async () => {
  await withExecutor(2, async (executor) => {
    const diffs = await all<PrestateDiff>(executor, { tracer: 'prestateTracer', config: { diffMode: true } })
    const { stateDiff } = await executor.execute(blockRlp, { ...given, root: false })
    // Withdrawals are no transaction's: nonces, codes and slots are what only transactions change.
    const nonces = new Map<string, number>()
    const slots = new Map<string, string>()
    for (const { pre, post } of diffs) {
      for (const [address, { storage = {} }] of Object.entries(pre)) {
        for (const key of Object.keys(storage)) slots.set(address + key, post[address]?.storage?.[key] ?? ZERO)
      }
      for (const [address, { nonce, storage = {} }] of Object.entries(post)) {
        if (nonce !== undefined) nonces.set(address, nonce)
        for (const [key, value] of Object.entries(storage)) slots.set(address + key, value)
      }
    }
    for (const change of stateDiff) {
      const address = `0x${Buffer.from(change.address).toString('hex')}`
      if (nonces.has(address)) assert.is(BigInt(nonces.get(address) as number), change.nonce, address)
      for (const { key, value } of change.storage) {
        const found = slots.get(`${address}0x${Buffer.from(key).toString('hex')}`)
        if (found !== undefined) assert.is(found, `0x${Buffer.from(value).toString('hex')}`)
      }
    }
    assert.ok(nonces.size > 1 && slots.size > 1)
  })
})

const ZERO = `0x${'00'.repeat(32)}`

test('some transactions alone, in the order asked for, and the executor goes on', async () => {
  await withExecutor(2, async (executor) => {
    const calls = await all<CallTrace>(executor, { tracer: 'callTracer' })
    const last = calls.length - 1
    const some = await all<CallTrace>(executor, { tracer: 'callTracer', transactions: [last, 0, last] })
    assert.equal(some, [calls[last], calls[0]])
    const { gasUsed } = await executor.execute(blockRlp, given)
    assert.ok(gasUsed > 0n)
  })
})

test('a loop that is left, and a signal, end the tracing; the executor goes on', async () => {
  await withExecutor(2, async (executor) => {
    const options = { ...given, tracer: 'structLogger', config: { enableMemory: true } } as const
    for await (const { text } of executor.traceText(blockRlp, options)) {
      assert.ok(text.length > 0)
      break
    }
    const controller = new AbortController()
    const reason = new Error('enough')
    let parts = 0
    try {
      for await (const _ of executor.traceText(blockRlp, { ...options, signal: controller.signal })) {
        if (++parts === 2) controller.abort(reason)
      }
      assert.unreachable()
    } catch (error) {
      assert.is(error, reason)
    }
    const before = executor.memoryUsed
    await all(executor, { tracer: 'callTracer' })
    assert.ok(executor.memoryUsed <= before + 2 ** 22)
    assert.ok((await executor.execute(blockRlp, given)).gasUsed > 0n)
  })
})

test('a function is called for each step, and what it throws is thrown', async () => {
  await withExecutor(1, async (executor) => {
    const steps = await all<StructLogs>(executor, { tracer: 'structLogger', config: {} })
    const index = steps.findIndex(({ structLogs }) => structLogs.length > 10)
    const seen: string[] = []
    await executor.traceSteps(blockRlp, {
      ...given,
      transactions: [index],
      onStep: ({ pc, gas: left, stack }, transaction) => {
        assert.is(transaction, index)
        seen.push(`${pc} ${left} ${stack.length}`)
      },
    })
    assert.equal(
      seen,
      steps[index]?.structLogs.map(({ pc, gas: left, stack }) => `${pc} ${left} ${stack?.length}`),
    )
    const reason = new Error('no more')
    const rejected = executor.traceSteps(blockRlp, {
      ...given,
      transactions: [index],
      onStep: () => {
        throw reason
      },
    })
    assert.is(await rejected.catch((error: unknown) => error), reason)
    assert.ok((await executor.execute(blockRlp, given)).gasUsed > 0n)
  })
})

test('bad input is named', async () => {
  await withExecutor(1, async (executor) => {
    const cases: [object, string][] = [
      [{ tracer: 'callTraser' }, 'options.tracer'],
      [{}, 'options.tracer'],
      [{ tracer: 'callTracer', config: { withLogs: true } }, 'options.config.withLogs'],
      [{ tracer: 'callTracer', config: 7 }, 'options.config'],
      [{ tracer: 'prestateTracer', config: { diffMode: true, includeEmpty: true } }, 'options.config.includeEmpty'],
      [{ tracer: 'callTracer', transactions: [-1] }, 'options.transactions[0]'],
      [{ tracer: 'callTracer', signal: 1 }, 'options.signal'],
    ]
    for (const [options, field] of cases) {
      try {
        executor.trace(blockRlp, options as TraceOptions)
        assert.unreachable(JSON.stringify(options))
      } catch (error) {
        assert.is((error as { code: string }).code, 'INVALID_OPTIONS', JSON.stringify(options))
        assert.is((error as { field: string }).field, field)
      }
    }
    const beyond = all(executor, { tracer: 'callTracer', transactions: [100_000] })
    assert.is(((await beyond.catch((error: unknown) => error)) as { code: string }).code, 'INVALID_OPTIONS')
  })
  const executor = await BlockExecutor.create({
    chain: 'mainnet',
    hardfork: block.fork,
    state: state(),
    engine: 'ethereumjs',
    threads: 1,
  })
  try {
    const refused = await all(executor, { tracer: 'callTracer' }).catch((error: unknown) => error)
    assert.is((refused as { code: string }).code, 'UNSUPPORTED')
  } finally {
    await executor.close()
  }
})

test('the trace of a call is that of the same transaction in its block', async () => {
  const [header, [first]] = RLP.decode(blockRlp) as [Uint8Array[], (Uint8Array | Uint8Array[])[]]
  const tx = createTxFromBlockBodyData(first as Uint8Array, {
    common: new Common({ chain: Mainnet, hardfork: block.fork }),
  })
  const { gasLimit, nonce, value, data } = tx
  const fees = tx as Partial<Record<'gasPrice' | 'maxFeePerGas' | 'maxPriorityFeePerGas', bigint>>
  const call = {
    from: tx.getSenderAddress(),
    ...(tx.to && { to: tx.to }),
    ...{ gas: gasLimit, nonce, value, data },
    ...(fees.maxFeePerGas === undefined
      ? { gasPrice: fees.gasPrice as bigint }
      : { maxFeePerGas: fees.maxFeePerGas, maxPriorityFeePerGas: fees.maxPriorityFeePerGas as bigint }),
  }
  const asked = { block: RLP.encode(header), blockHashes, validation: true }
  await withExecutor(2, async (executor) => {
    for (const how of [
      { tracer: 'callTracer', config: { withLog: true } },
      { tracer: 'prestateTracer' },
      { tracer: 'prestateTracer', config: { diffMode: true } },
      { tracer: 'structLogger', config: { enableMemory: true } },
      { tracer: '4byteTracer' },
      { tracer: 'eip3155' },
      { tracer: 'opcodeGas' },
    ] as const) {
      const [inBlock] = await all(executor, { ...how, transactions: [0] })
      assert.equal(await executor.traceCall(call, { ...asked, ...how } as never), inBlock, how.tracer)
    }
    // Pays nothing, and what it calls is supposed: PUSH1 42, SLOAD, STOP.
    const to = `0x${'ab'.repeat(20)}`
    const overrides = { [to]: { code: '0x602a5400', stateDiff: { '0x2a': 7 } } }
    const { structLogs } = await executor.traceCall(
      { to },
      { ...asked, validation: false, overrides, tracer: 'structLogger' },
    )
    assert.equal(
      structLogs.map(({ op }) => op),
      ['PUSH1', 'SLOAD', 'STOP'],
    )
    assert.match(Object.values(structLogs[1]?.storage ?? {})[0] ?? '', /07$/)
    const refused = executor.traceCall({ ...call, nonce: nonce + 1n }, { ...asked, tracer: 'callTracer' })
    assert.is(
      await refused.then(
        () => '',
        ({ code, message }) => `${code} ${message.includes('NONCE_MISMATCH')}`,
      ),
      'CALL_REFUSED true',
    )
    // The executor goes on.
    assert.is((await executor.execute(blockRlp, { ...given, root: false })).stats.engine, 'wasm')
  })
})

test.run()
