import { runBlock } from '@ethereumjs/vm'

/** Executes blocks that follow each other on the state of a VM; the state root after the last one. */
export async function importBlocks(vm, blocks) {
  let stateRoot
  for (const block of blocks) {
    const result = await runBlock(vm, { block })
    await vm.blockchain.putBlock(block)
    stateRoot = result.stateRoot
  }
  return stateRoot
}
