// A node with one block of a file, in a process of its own: it answers each call from text that it keeps, so that what it costs is
// the latency that it is told to have.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { loadCase } from '../../src/blockFiles/index.js'
import { Refused } from '../../test/support/rpcChain.js'
import { type Call, resultOf, rpcServer } from '../../test/support/rpcServer.js'
import { after } from '../../test/support/slowSource.js'

const [path, latency] = process.argv.slice(2) as [string, string]
const served = await rpcServer(loadCase(path))
const delay = after(Number(latency))
const texts = new Map<string, string>()

function textOf({ id, method, params }: Call): string {
  const name = `${method} ${JSON.stringify(params)}`
  const text = texts.get(name) ?? answerText(method, params)
  texts.set(name, text)
  return `{"jsonrpc":"2.0","id":${id},${text}}`
}

function answerText(method: string, params: unknown[]): string {
  try {
    return `"result":${JSON.stringify(resultOf(served, method, params))}`
  } catch (error) {
    if (!(error instanceof Refused)) throw error
    // Of what follows from a guess the file need not have it.
    return `"error":${JSON.stringify({ code: error.code, message: error.message })}`
  }
}

async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const parts: Buffer[] = []
  for await (const part of request) parts.push(part as Buffer)
  const body = JSON.parse(Buffer.concat(parts).toString()) as Call | Call[]
  const text = Array.isArray(body) ? `[${body.map(textOf).join(',')}]` : textOf(body)
  await delay()
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) }).end(text)
}

const server = createServer((request, response) => void serve(request, response))
server.listen(0, '127.0.0.1', () => process.send?.(`http://127.0.0.1:${(server.address() as AddressInfo).port}`))
process.on('disconnect', () => process.exit())
