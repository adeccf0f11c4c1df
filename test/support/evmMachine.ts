import { BlockCore, Source } from '../../src/wasm/blockCore.js'
import { Core } from '../../src/wasm/core.js'
import { EvmCore } from '../../src/wasm/evm.js'
import { hostPrecompile } from '../../src/wasm/hostPrecompile.js'
import { compile, createMemory, instantiate } from '../../src/wasm/instance.js'

export interface Machine {
  block: BlockCore
  evm: EvmCore
}

/** A core of one thread with empty state: nothing outside the pre-state exists. */
export function newMachine(options: { maxBytes?: number } = {}): Machine {
  const memory = createMemory(options)
  let core: Core | undefined
  const imports = { env: { hostPrecompile: hostPrecompile(() => core as Core) } }
  core = new Core(memory, instantiate(compile(), memory, imports))
  const block = new BlockCore(core, 0)
  block.initTables(1n)
  block.setSource(Source.CLOSED)
  return { block, evm: new EvmCore(block, 0) }
}
