import { bytesToHex } from '@ethereumjs/util'
import { BLOCK, CHAIN_ID, read } from './answers.js'
import type { RpcClient } from './client.js'
import { RpcError } from './errors.js'

/** The block whose state is read: once asked for, it stays the same whatever the chain does. */
export interface PinnedBlock {
  /** Of the node (EIP-155). */
  chainId: bigint
  /** Of the block. */
  number: bigint
  /** 32 bytes. */
  hash: Uint8Array
  /** State root after the block, 32 bytes. */
  stateRoot: Uint8Array
}

/** A block of a node by its number, its tag or its hash. @throws RpcError */
export async function pin(client: RpcClient, block: bigint | string | Uint8Array): Promise<PinnedBlock> {
  const byHash = block instanceof Uint8Array
  const method = byHash ? 'eth_getBlockByHash' : 'eth_getBlockByNumber'
  const asked = byHash ? bytesToHex(block) : typeof block === 'bigint' ? `0x${block.toString(16)}` : block
  const [chain, found] = await Promise.all([client.call('eth_chainId', []), client.call(method, [asked, false])])
  if (found === null) {
    const problem = `it has no block ${asked}: check the number, and that the node is synchronised`
    throw new RpcError('RPC_BLOCK_NOT_FOUND', client.server, method, problem)
  }
  const { number, hash, stateRoot } = read(BLOCK, found, client.server, method)
  return { chainId: read(CHAIN_ID, chain, client.server, 'eth_chainId'), number, hash, stateRoot }
}

/** @throws RpcError RPC_WRONG_CHAIN */
export function requireChain(server: string, found: bigint, wanted: bigint): void {
  if (found === wanted) return
  const problem = `it is a node of chain ${found}, not ${wanted}: use a node of that chain, or give the executor this one`
  throw new RpcError('RPC_WRONG_CHAIN', server, 'eth_chainId', problem)
}
