// anvil (revm, Rust) as a process of its own, spoken to over HTTP.
import { spawn } from 'node:child_process'
import { createRequire } from 'node:module'
import { createInterface } from 'node:readline'
import { setStateRequests } from './state.mjs'

const require = createRequire(import.meta.url)

/** Starts one with the state given, which mines when it is asked to: { name, send(requests), close() }. */
export async function startAnvil({ chainId, baseFee, gasLimit, timestamp, coinbase, accounts }) {
  const settings = {
    'chain-id': chainId,
    'block-base-fee-per-gas': baseFee,
    'gas-limit': gasLimit,
    timestamp,
    hardfork: 'osaka',
    order: 'fifo',
    accounts: 0,
    port: 0,
  }
  const flags = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, String(value)])
  const binary = require.resolve(`@foundry-rs/anvil-${process.platform}-${architecture()}/bin/anvil`)
  const server = spawn(binary, [...flags, '--no-mining', '--no-request-size-limit'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const url = await new Promise((resolve, reject) => {
    server.once('exit', (code) => reject(new Error(`anvil ended with code ${code}`)))
    createInterface(server.stdout).on('line', (line) => {
      const [, address] = /Listening on (\S+)/.exec(line) ?? []
      if (address) resolve(`http://${address}`)
    })
  })
  const send = async (requests) => {
    const body = JSON.stringify(requests.map(({ method, params }, id) => ({ jsonrpc: '2.0', id, method, params })))
    const answer = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body })
    const results = new Array(requests.length)
    for (const { id, result, error } of await answer.json()) {
      if (error) throw new Error(`anvil: ${requests[id].method}: ${error.message}`)
      results[id] = result
    }
    return results
  }
  await send([{ method: 'anvil_setCoinbase', params: [coinbase] }, ...setStateRequests('anvil', accounts)])
  return { name: 'anvil', send, close: () => server.kill() }
}

function architecture() {
  return process.arch === 'x64' ? 'amd64' : process.arch
}
