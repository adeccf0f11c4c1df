import { BlockExecutor, lmdbState } from 'parallevm'

/** A state on disk that begins with `genesis`: geth's genesis.json, or the state after some block. */
export async function open(path, genesis) {
  return await BlockExecutor.create({ state: lmdbState({ path, genesis }), hardfork: 'osaka' })
}

/** Executes blocks that follow each other, each written before the next one's turn; the state root after the last one. */
export async function importBlocks(executor, blocks) {
  const withParents = blocks.map((block, i) => ({ block, parentHeaders: blocks.slice(Math.max(0, i - 1), i).map(headerOf) }))
  let stateRoot
  for await (const result of executor.executeAll(withParents)) stateRoot = result.stateRoot
  return stateRoot
}

const headerOf = ({ header }) => header
