// Official blockchain tests: chains of blocks from a genesis state, through a BlockExecutor over that whole state.

import { RLP } from '@ethereumjs/rlp'
import { bytesToHex, hexToBytes } from '@ethereumjs/util'
import { BLOCKHASH_WINDOW, InvalidAncestorsError } from '../block/ancestors.js'
import { InvalidBlockError } from '../block/errors.js'
import type { BlockExecutor } from '../executor/blockExecutor.js'
import { WrongStateError } from '../executor/errors.js'
import type { ExecuteOptions } from '../executor/options.js'
import type { MemoryAccount } from '../sources/inputs.js'
import { memoryState } from '../sources/memory.js'
import type { StateSource } from '../sources/source.js'
import { keccak256 } from '../wasm/keccak.js'
import { type BlockTest, bytes32, type Hex, type TestBlock, type TestState, word } from './json.js'
import { PlainState } from './plainState.js'
import { blockRefusedAsExpected } from './refusals.js'
import { firstDifference } from './stateDifference.js'

/** A block that was accepted. */
interface Accepted {
  hash: string
  parent: string
  /** RLP. */
  block: Uint8Array
  header: Uint8Array
  stateRoot: string
}

/** The whole state of a test as the executor's source. */
export function stateOf(state: TestState): StateSource {
  const codes: Uint8Array[] = []
  const accounts = Object.entries(state).map(([address, { nonce, balance, code: codeHex, storage }]): MemoryAccount => {
    const code = hexToBytes(codeHex)
    codes.push(code)
    const slots = Object.entries(storage).map(([key, value]) => [bytes32(key as Hex), bytes32(value)] as const)
    return {
      address: hexToBytes(address as Hex),
      nonce: word(nonce),
      balance: word(balance),
      codeHash: keccak256(code),
      storage: slots,
    }
  })
  return memoryState(accounts, codes)
}

/** One test on its way through an executor whose rules are those of the test's network. */
export class BlockTestRun {
  readonly #executor: BlockExecutor
  readonly #test: BlockTest
  readonly #mode: ExecuteOptions['mode']
  readonly #accepted = new Map<string, Accepted>()
  #head: string
  #state = new PlainState()

  constructor(executor: BlockExecutor, test: BlockTest) {
    this.#executor = executor
    this.#test = test
    // Most tests have fewer transactions than the executor would wake its workers for.
    this.#mode = executor.threads > 1 ? 'parallel' : 'auto'
    const genesis = hexToBytes(test.genesisRLP)
    const accepted = acceptedOf(genesis)
    this.#head = accepted.hash
    this.#accepted.set(accepted.hash, accepted)
  }

  /** @returns why it does not agree with the test; undefined when it does */
  async run(): Promise<string | undefined> {
    const { genesisBlockHeader, blocks, lastblockhash, postState, postStateHash } = this.#test
    if (this.#head !== genesisBlockHeader.hash) return `the hash of the genesis block is ${this.#head}`
    await this.#restart()
    for (const [index, block] of blocks.entries()) {
      const failure = await this.#block(block)
      if (failure !== undefined) return `block ${index + 1} of ${blocks.length}: ${failure}`
    }
    if (this.#head !== lastblockhash) {
      if (!this.#accepted.has(lastblockhash)) return `the last block should be ${lastblockhash}, it is ${this.#head}`
      await this.#rewind(lastblockhash)
    }
    if (postState !== undefined) {
      const difference = firstDifference(PlainState.of(postState), this.#state)
      if (difference !== undefined) return `after the last block: ${difference}`
    }
    if (postStateHash !== undefined && postStateHash !== this.stateRoot) return `state root is ${this.stateRoot}`
    return undefined
  }

  /** Root after the last block that was accepted. */
  get stateRoot(): string {
    return (this.#accepted.get(this.#head) as Accepted).stateRoot
  }

  async #block(test: TestBlock): Promise<string | undefined> {
    const expected = exceptionOf(test)
    const block = hexToBytes(test.rlp)
    const parent = parentOf(block)
    // A block on an earlier one: the executor follows one chain, so that its state is made anew.
    if (parent !== undefined && parent !== this.#head && this.#accepted.has(parent)) await this.#rewind(parent)
    try {
      await this.#execute(block, test.blockAccessListRlp && hexToBytes(test.blockAccessListRlp))
    } catch (error) {
      if (error instanceof WrongStateError) return `${error.code}: ${error.message}`
      // The ancestors given are those of the head: a block that they are not the ancestors of has an unknown parent.
      if (!(error instanceof InvalidBlockError || error instanceof InvalidAncestorsError)) throw error
      if (expected === undefined) return `refused although it is valid: ${error.code}: ${error.message}`
      if (blockRefusedAsExpected(expected, error.code)) return undefined
      return `refused by ${error.code} (${error.message}), not for ${expected}`
    }
    return expected === undefined ? undefined : `accepted, but breaks ${expected}`
  }

  async #execute(block: Uint8Array, blockAccessList?: Uint8Array): Promise<void> {
    const { stateDiff } = await this.#executor.execute(block, {
      parentHeaders: this.#ancestors(),
      ...(blockAccessList && { blockAccessList }),
      ...(this.#mode && { mode: this.#mode }),
    })
    this.#state.apply(stateDiff)
    const accepted = acceptedOf(block)
    this.#accepted.set(accepted.hash, accepted)
    this.#head = accepted.hash
  }

  #ancestors(): Uint8Array[] {
    const headers: Uint8Array[] = []
    for (
      let at = this.#accepted.get(this.#head);
      at && headers.length < BLOCKHASH_WINDOW;
      at = this.#accepted.get(at.parent)
    ) {
      headers.push(at.header)
    }
    return headers
  }

  async #restart(): Promise<void> {
    await this.#executor.setState(stateOf(this.#test.pre))
    this.#state = PlainState.of(this.#test.pre)
    this.#head = this.#test.genesisBlockHeader.hash
  }

  async #rewind(to: string): Promise<void> {
    const path: Uint8Array[] = []
    for (let at = this.#accepted.get(to); at && this.#accepted.has(at.parent); at = this.#accepted.get(at.parent)) {
      path.unshift(at.block)
    }
    await this.#restart()
    for (const block of path) await this.#execute(block)
  }
}

/** What a test expects a block to break. */
export function exceptionOf(test: TestBlock): string | undefined {
  if (test.expectException !== undefined) return test.expectException
  // Classic tests: expectException<Fork>.
  return Object.entries(test).find(([key]) => key.startsWith('expectException'))?.[1] as string | undefined
}

function acceptedOf(block: Uint8Array): Accepted {
  const [fields] = RLP.decode(block) as [Uint8Array[]]
  const header = RLP.encode(fields)
  const hash = bytesToHex(keccak256(header))
  const [parent, , , stateRoot] = fields as [Uint8Array, Uint8Array, Uint8Array, Uint8Array]
  return { hash, parent: bytesToHex(parent), block, header, stateRoot: bytesToHex(stateRoot) }
}

/** Undefined when the bytes are no block. */
function parentOf(block: Uint8Array): string | undefined {
  try {
    return acceptedOf(block).parent
  } catch {
    return undefined
  }
}
