// A node that has one block of a file: JSON-RPC over HTTP, as slow, busy, broken or dishonest as a test wants it.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { RLP } from '@ethereumjs/rlp'
import { bytesToHex, hexToBytes } from '@ethereumjs/util'
import { decodeAccessList } from '../../src/abi/accessList.js'
import type { BlockCase } from '../../src/blockFiles/index.js'
import type { AccountAccess } from '../../src/types.js'
import { headerJson, quantity, Refused, RpcChain } from './rpcChain.js'
import { after, type Delay } from './slowSource.js'

/** What is wrong with the node. All of it may be changed between requests. */
export interface Mood {
  /** Milliseconds before an answer. */
  latency: number
  chainId: bigint
  /** Methods that it does not have. */
  lacks: string[]
  /** It has only the state of later blocks. */
  pruned: boolean
  /** The next so many requests: HTTP 429, error -32005, a closed connection, HTTP 503. */
  busy: number
  limited: number
  cut: number
  down: number
  /** Seconds, said with HTTP 429. */
  retryAfter: number
  /** It is a web server. */
  html: boolean
  /** Changes the result of a call. */
  lie: (method: string, result: unknown) => unknown
  /** Most calls in one request. */
  batch: number
  /** Of debug_executionWitness. */
  witness: 'keys' | 'no keys' | 'json headers'
}

export interface RpcServer {
  url: string
  chain: RpcChain
  mood: Mood
  /** Calls so far, by method. */
  calls: Map<string, number>
  /** HTTP requests. */
  requests: number
  close(): Promise<void>
}

export async function rpcServer(block: BlockCase, mood: Partial<Mood> = {}): Promise<RpcServer> {
  const chain = new RpcChain(block)
  const served: RpcServer = {
    url: '',
    chain,
    calls: new Map(),
    requests: 0,
    mood: {
      latency: 0,
      chainId: block.chainId,
      lacks: [],
      pruned: false,
      busy: 0,
      limited: 0,
      cut: 0,
      down: 0,
      retryAfter: 0,
      html: false,
      lie: (_, result) => result,
      batch: 1000,
      witness: 'keys',
      ...mood,
    },
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
  const server: Server = createServer((request, response) => void serve(served, request, response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  served.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return served
}

async function serve(served: RpcServer, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { mood } = served
  served.requests++
  const parts: Buffer[] = []
  for await (const part of request) parts.push(part as Buffer)
  if (mood.latency > 0) await delayOf(mood.latency)()
  if (mood.cut > 0 && mood.cut--)
    return void response.writeHead(200, { 'content-length': 1000 }).write('{"js', () => request.socket.destroy())
  if (mood.busy > 0 && mood.busy--)
    return void response.writeHead(429, { 'retry-after': String(mood.retryAfter) }).end('slow down')
  if (mood.down > 0 && mood.down--) return void response.writeHead(503).end('<html>unavailable</html>')
  if (mood.html)
    return void response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><title>Welcome</title>')
  const body = JSON.parse(Buffer.concat(parts).toString()) as Call | Call[]
  response.writeHead(200, { 'content-type': 'application/json' })
  if (!Array.isArray(body)) return void response.end(JSON.stringify(answer(served, body)))
  if (body.length > mood.batch) {
    return void response.end(
      JSON.stringify({ jsonrpc: '2.0', id: null, error: { code: -32600, message: 'batch too large' } }),
    )
  }
  // In any order, as JSON-RPC allows.
  response.end(JSON.stringify(body.map((call) => answer(served, call)).reverse()))
}

/** One for each latency: short ones share a loop. */
const delays = new Map<number, Delay>()

function delayOf(ms: number): Delay {
  const delay = delays.get(ms) ?? after(ms)
  delays.set(ms, delay)
  return delay
}

export interface Call {
  id: number
  method: string
  params: unknown[]
}

function answer(served: RpcServer, { id, method, params }: Call) {
  served.calls.set(method, (served.calls.get(method) ?? 0) + 1)
  try {
    if (served.mood.limited > 0 && served.mood.limited--) throw new Refused(-32005, 'limit exceeded')
    return { jsonrpc: '2.0', id, result: served.mood.lie(method, resultOf(served, method, params)) }
  } catch (error) {
    if (!(error instanceof Refused)) throw error
    return { jsonrpc: '2.0', id, error: { code: error.code, message: error.message } }
  }
}

/** @throws Refused */
export function resultOf(served: RpcServer, method: string, params: unknown[]): unknown {
  const known = !served.mood.lacks.includes(method) && METHODS[method]
  if (!known) throw new Refused(-32601, `the method ${method} does not exist/is not available`)
  return known(served, params)
}

const bytes = (text: unknown): Uint8Array => hexToBytes(text as `0x${string}`)

/** The state between both blocks, which is the only one there is. */
function stateAt({ chain, mood }: RpcServer, at: unknown): RpcChain {
  const { blockHash } = at as { blockHash?: string }
  if (mood.pruned) throw new Refused(-32000, 'missing trie node 1234 (path ) state is not available')
  if (blockHash !== chain.parentHash) throw new Refused(-32000, 'header for hash not found')
  return chain
}

/** As the specification of the method has it: integers without zeros, keys and values of 32 bytes. */
function accessJson(account: AccountAccess) {
  return {
    address: bytesToHex(account.address),
    storageChanges: account.storageChanges.map(({ key, changes }) => ({
      key: bytesToHex(key),
      changes: changes.map(({ index, value }) => ({ index: quantity(BigInt(index)), value: bytesToHex(value) })),
    })),
    storageReads: account.storageReads.map(bytesToHex),
    balanceChanges: account.balanceChanges.map(({ index, balance }) => ({
      index: quantity(BigInt(index)),
      value: quantity(balance),
    })),
    nonceChanges: account.nonceChanges.map(({ index, nonce }) => ({
      index: quantity(BigInt(index)),
      value: quantity(nonce),
    })),
    codeChanges: account.codeChanges.map(({ index, code }) => ({
      index: quantity(BigInt(index)),
      code: bytesToHex(code),
    })),
  }
}

const METHODS: Record<string, (served: RpcServer, params: unknown[]) => unknown> = {
  eth_chainId: ({ mood }) => quantity(mood.chainId),
  eth_getBlockByNumber: ({ chain }, [which]) => chain.json(which as string) ?? null,
  eth_getBlockByHash: ({ chain }, [which]) => chain.json(which as string) ?? null,
  eth_getBalance: (served, [address, at]) => quantity(stateAt(served, at).account(bytes(address))?.balance ?? 0n),
  eth_getTransactionCount: (served, [address, at]) =>
    quantity(stateAt(served, at).account(bytes(address))?.nonce ?? 0n),
  eth_getCode: (served, [address, at]) =>
    bytesToHex(stateAt(served, at).account(bytes(address))?.code ?? new Uint8Array()),
  eth_getStorageAt: (served, [address, key, at]) => bytesToHex(stateAt(served, at).storage(bytes(address), bytes(key))),
  eth_getProof: (served, [address, keys, at]) =>
    stateAt(served, at).proof(bytes(address), (keys as string[]).map(bytes)),
  debug_getRawBlock: ({ chain }, [which]) =>
    which === quantity(chain.block.number) ? bytesToHex(chain.block.blockRlp) : null,
  debug_getRawBlockAccessList: ({ chain: { block, hash } }, [which]) =>
    which === hash && block.blockAccessList ? bytesToHex(block.blockAccessList) : null,
  eth_getBlockAccessList: ({ chain: { block, hash } }, [which]) =>
    which === hash && block.blockAccessList ? decodeAccessList(block.blockAccessList).map(accessJson) : null,
  debug_getRawHeader: ({ chain }, [which]) => {
    const at = chain.block.number - 1n - BigInt(which as string)
    const header = chain.block.parentHeaders[Number(at)]
    return header === undefined ? null : bytesToHex(header)
  },
  debug_executionWitness: ({ chain: { block }, mood }, [which]) => {
    if (which !== quantity(block.number)) throw new Refused(-32000, 'block not found')
    if (block.preState.kind !== 'witness') throw new Refused(-32000, 'no witness')
    const { nodes, codes } = block.preState
    return {
      state: nodes.map(bytesToHex),
      codes: codes.map(bytesToHex),
      ...(mood.witness === 'keys' && { keys: [] }),
      headers: block.parentHeaders.map((header) =>
        mood.witness === 'json headers' ? headerJson(RLP.decode(header) as Uint8Array[]) : bytesToHex(header),
      ),
    }
  },
}
