// What runBlock of @ethereumjs/vm 10 itself uses of a VM and its EVM, though it is not declared for others.
import type { EVM } from '@ethereumjs/evm'
import type { VM, VMOpts } from '@ethereumjs/vm'

interface VmInner {
  _emit(topic: string, data: unknown): Promise<void>
  _opts: VMOpts
  _setHardfork: unknown
}

interface EvmInner {
  _customOpcodes?: readonly unknown[]
  _customPrecompiles?: readonly unknown[]
  _optsCached: { profiler?: { enabled: boolean } }
}

export function innerVm(vm: VM): VmInner {
  return vm as unknown as VmInner
}

export function innerEvm(evm: EVM): EvmInner {
  return evm as unknown as EvmInner
}
