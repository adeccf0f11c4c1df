import { Source } from '../../src/abi/core.generated.js'
import { BlockCore } from '../../src/wasm/blockCore.js'
import { Core } from '../../src/wasm/core.js'
import { EvmCore } from '../../src/wasm/evm.js'
import { compile, createMemory, instantiate } from '../../src/wasm/instance.js'

export interface Machine {
  block: BlockCore
  evm: EvmCore
}

/** A core of one thread with empty state: nothing outside the pre-state exists. */
export function newMachine(options: { maxBytes?: number } = {}): Machine {
  const memory = createMemory(options)
  const core = new Core(memory, instantiate(compile(), memory))
  const block = new BlockCore(core, 0)
  block.initTables(1n)
  block.setSource(Source.CLOSED)
  return { block, evm: new EvmCore(block, 0) }
}
