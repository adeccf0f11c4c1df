import { hex } from '../bytes.js'
import { AnswerCache } from './cache.js'
import { RpcClient, type RpcSettings } from './client.js'
import { type PinnedBlock, pin, requireChain } from './pin.js'
import type { Keccak } from './proofs.js'
import { PlainReader, ProvenReader, type ValueReader } from './reader.js'

export interface OpenState {
  client: RpcClient
  pinned: PinnedBlock
  reader: ValueReader
  /** The same, where values are proven. */
  proven: ProvenReader | undefined
}

/** What opens a state. */
export interface OpenOptions {
  settings: RpcSettings & { cache?: string }
  block: bigint | string | Uint8Array
  proofs: boolean
  chainId: bigint
  keccak256: Keccak
}

/** Finds the block at the node. `cache`: a folder. @throws RpcError, what the file system throws */
export async function openState({ settings, block, proofs, chainId, keccak256 }: OpenOptions): Promise<OpenState> {
  const client = new RpcClient(settings)
  const pinned = await pin(client, block)
  requireChain(client.server, pinned.chainId, chainId)
  const name = `${pinned.chainId}-${hex(pinned.hash)}${proofs ? '' : '-plain'}`
  const cache = settings.cache === undefined ? undefined : new AnswerCache(settings.cache, name)
  const proven = proofs ? new ProvenReader(client, pinned, cache, keccak256) : undefined
  return { client, pinned, reader: proven ?? new PlainReader(client, pinned, cache, keccak256), proven }
}
