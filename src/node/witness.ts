// debug_executionWitness. Clients differ: lists of nodes and codes or objects of them by hash, with keys or without, headers as
// RLP or as JSON.
import { RLP } from '@ethereumjs/rlp'
import { bytesToHex } from '@ethereumjs/util'
import { keccak_256 } from '@noble/hashes/sha3.js'
import type { JsonObject } from '../blockFiles/index.js'
import { hex } from '../bytes.js'
import { anyBytes } from '../door/bytes.js'
import { list } from '../door/compounds.js'
import { read } from '../rpc/answers.js'
import type { RpcClient } from '../rpc/client.js'
import { RpcError } from '../rpc/errors.js'
import { type NodeBlock, type NodeBlocks, quantity } from './blocks.js'

/** What a block needs: of which state, and its ancestors. */
export interface BlockWitness {
  nodes: Uint8Array[]
  codes: Uint8Array[]
  /** RLP, newest first, the parent at least. */
  headers: Uint8Array[]
}

const METHOD = 'debug_executionWitness'
const BYTES = list('byte strings', anyBytes('bytes'))
/** Without the method, or where it is switched off for a block. */
const LACKING = new Set(['RPC_METHOD_MISSING', 'RPC_FAILED'])

/** Undefined where the node has no witnesses. @throws RpcError */
export async function executionWitness(
  client: RpcClient,
  blocks: NodeBlocks,
  block: NodeBlock,
): Promise<BlockWitness | undefined> {
  let answer: unknown
  try {
    answer = await client.call(METHOD, [quantity(block.number)])
  } catch (error) {
    if (error instanceof RpcError && LACKING.has(error.code)) return undefined
    throw error
  }
  if (typeof answer !== 'object' || answer === null) return undefined
  const { state, codes, headers = [] } = answer as { state?: unknown; codes?: unknown; headers?: unknown }
  return {
    nodes: bytesOf(state, client, 'state'),
    codes: bytesOf(codes, client, 'codes'),
    headers: await chain(headers, client, blocks, block),
  }
}

function bytesOf(value: unknown, client: RpcClient, what: string): Uint8Array[] {
  const items = typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.values(value) : value
  return read(BYTES, items ?? [], `${client.server}`, `${METHOD} ${what}`)
}

/** Those that follow from the block, newest first, whatever their order was. */
async function chain(headers: unknown, client: RpcClient, blocks: NodeBlocks, block: NodeBlock): Promise<Uint8Array[]> {
  const items = Array.isArray(headers) ? headers : []
  const texts = items.map((item) =>
    typeof item === 'object' && item !== null ? rlpOf(item as JsonObject, blocks) : item,
  )
  const known = new Map(bytesOf(texts, client, 'headers').map((header) => [hex(keccak_256(header)), header]))
  const found: Uint8Array[] = []
  let wanted = block.parentHash
  for (let header = known.get(hex(wanted)); header !== undefined; header = known.get(hex(wanted))) {
    found.push(header)
    wanted = (RLP.decode(header) as Uint8Array[])[0] as Uint8Array
  }
  return found.length > 0 ? found : [await blocks.header(block.parentHash)]
}

function rlpOf(json: JsonObject, blocks: NodeBlocks): string {
  return bytesToHex(blocks.headerOf(json))
}
