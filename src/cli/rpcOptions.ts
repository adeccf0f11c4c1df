// Options of the commands that ask a node.
import { type Command, InvalidArgumentError, Option } from 'commander'
import { isForkName } from '../blockFiles/index.js'
import { parseCount } from './options.js'

export interface NodeOptions {
  rpc: string
  batch: number
  concurrency: number
  retries: number
  timeout: number
  fork?: string
}

const DAY_MS = 86_400_000

/** `required`: whether a node must be named. */
export function withNodeOptions(command: Command, required = true): Command {
  const count = (low: number, high: number) => (text: string) => parseCount(text, low, high)
  const rpc = new Option('--rpc <url>', 'JSON-RPC of a node, http or https').argParser(parseUrl)
  return command
    .addOption(rpc.makeOptionMandatory(required))
    .addOption(new Option('--batch <n>', 'most calls in one request').argParser(count(1, 10_000)).default(100))
    .addOption(new Option('--concurrency <n>', 'most requests under way').argParser(count(1, 10_000)).default(16))
    .addOption(
      new Option('--retries <n>', 'repetitions of a request that failed for now').argParser(count(0, 100)).default(5),
    )
    .addOption(new Option('--timeout <ms>', 'for one request').argParser(count(1, DAY_MS)).default(30_000))
    .option('--fork <name>', 'rules of a chain that is not known; else the latest with headers like its own', parseFork)
}

function parseUrl(text: string): string {
  if (URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)) return text
  throw new InvalidArgumentError(`'${text}' is no http or https URL.`)
}

function parseFork(text: string): string {
  if (isForkName(text)) return text
  throw new InvalidArgumentError(`'${text}' is not a hardfork name of @ethereumjs/common: cancun, prague, osaka, ….`)
}

/** Of the client; what nobody can say on a command line has its default. */
export function settingsOf({ rpc: url, batch, concurrency, retries, timeout }: NodeOptions) {
  return { url, batch, concurrency, retries, timeout, headers: {} }
}

const TAGS = ['latest', 'safe', 'finalized']

/** A block number or a tag. */
export function parseBlock(text: string): bigint | string {
  if (TAGS.includes(text)) return text
  if (/^(\d{1,19}|0x[\da-fA-F]{1,16})$/.test(text)) return BigInt(text)
  throw new InvalidArgumentError(`'${text}' is no block: give a number, or ${TAGS.join(', ')}.`)
}
