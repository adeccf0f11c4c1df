import { type RunBlockOpts, runBlock, type VM } from '@ethereumjs/vm'
import { innerVm } from './inner.js'
import type { RunBlockResult } from './types.js'

/**
 * Runs a block by @ethereumjs/vm itself. The event `beforeBlock` was emitted already.
 * @throws what it throws
 */
export async function runByLibrary(vm: VM, opts: RunBlockOpts, fallback: string): Promise<RunBlockResult> {
  const { _emit: emit } = innerVm(vm)
  // The VM in all but this: whatever is set on it is set on objects that both share.
  const told = Object.create(vm, {
    _emit: {
      value: async (topic: string, data: unknown) => (topic === 'beforeBlock' ? undefined : await emit(topic, data)),
    },
  }) as VM
  return { ...(await runBlock(told, opts)), parallevm: { engine: 'ethereumjs', fallback } }
}
