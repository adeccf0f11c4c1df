// What a node means by an error. Codes: JSON-RPC 2.0 and EIP-1474; where clients use one code for everything, their words.
import type { RpcErrorCode } from './errors.js'

/** The error object of JSON-RPC. */
export interface Refusal {
  code: number
  message: string
}

interface Meaning {
  code: RpcErrorCode
  /** What to do about it. */
  advice: string
}

const RATE: Meaning = {
  code: 'RPC_RATE_LIMITED',
  advice: 'lower `concurrency` and `batch`, or use a node with a higher limit',
}
const METHOD: Meaning = {
  code: 'RPC_METHOD_MISSING',
  advice: 'enable its namespace in the node, or use a node that has it',
}

const CODES = new Map<number, Meaning>([
  [-32601, METHOD],
  [-32005, RATE],
  [429, RATE],
])

const WORDS: readonly [RegExp, Meaning][] = [
  [/rate.?limit|too many requests|limit exceeded|capacity/i, RATE],
  [/method.*(not found|not exist|not available|not supported|unsupported)|unsupported method/i, METHOD],
  [
    /missing trie node|histor(y|ical|ies)|state.*(not|un)\s?available|prun|proof window|distance to target block/i,
    { code: 'RPC_STATE_PRUNED', advice: 'the node no longer has this state: use an archive node, or a later block' },
  ],
  [
    /(header|block).*not found|unknown block|unknown ancestor/i,
    {
      code: 'RPC_BLOCK_NOT_FOUND',
      advice: 'the node does not have this block (any more): check the number, and that it is synchronised',
    },
  ],
]

export function meaningOf({ code, message }: Refusal): Meaning {
  const known = CODES.get(code) ?? WORDS.find(([words]) => words.test(message))?.[1]
  return known ?? { code: 'RPC_FAILED', advice: 'see what the node logs about it' }
}

/** Says no for now. */
export function isPassing({ code }: Meaning): boolean {
  return code === 'RPC_RATE_LIMITED'
}
