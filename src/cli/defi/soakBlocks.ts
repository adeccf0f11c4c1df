// A thread that makes blocks for the soak, a few ahead of those that are executed.
import { parentPort, workerData } from 'node:worker_threads'
import { KECCAK256_NULL } from '@ethereumjs/util'
import { sameBytes } from '../../bytes.js'
import { DEFI_WORKLOADS, defiChain } from '../../workloads/defi/index.js'
import type { SoakMessage, SoakRequest } from './soakSource.js'

const { workload, variant, gas, seed } = workerData as SoakRequest
const port = parentPort!
const found = DEFI_WORKLOADS.find(({ name }) => name === workload)!
const { accounts, codes, next } = await defiChain({ workload: found, variant, gas, seed })
// What people have, 100 ether, is spent after some 12,000 blocks.
for (const account of accounts) if (sameBytes(account.codeHash, KECCAK256_NULL)) account.balance *= 1_000_000n
port.postMessage({ kind: 'state', accounts, codes } satisfies SoakMessage)
// Each message asks for one more block.
port.on('message', () => {
  const { block, failing } = next()
  port.postMessage({ kind: 'block', block, failing } satisfies SoakMessage, [block.buffer as ArrayBuffer])
})
