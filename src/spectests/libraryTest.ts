// Blockchain tests by runBlock of plain @ethereumjs/vm, one transaction after another: of forks that its engine cannot run in
// this package's executor, as it has neither access lists nor two kinds of gas there.
import { type BlockHeader, createBlockFromRLP } from '@ethereumjs/block'
import { RLP } from '@ethereumjs/rlp'
import { MerkleStateManager } from '@ethereumjs/statemanager'
import { Account, Address, bytesToHex, equalsBytes, hexToBytes } from '@ethereumjs/util'
import { createVM, runBlock, type VMOpts } from '@ethereumjs/vm'
import { ChainCommons, type ChainRules } from '../block/common.js'
import { executingCommon } from '../block/executingCommon.js'
import { NUMBER, TIMESTAMP } from '../block/format.js'
import { toBigInt, toBytes } from '../bytes.js'
import { exceptionOf } from './blockTest.js'
import { type BlockTest, type Hex, type TestBlock, type TestState, word } from './json.js'

/** One test. Its refusals have no names: any stands for what a test expects. */
export class LibraryTestRun {
  readonly #test: BlockTest
  readonly #commons: ChainCommons
  readonly #headers = new Map<string, BlockHeader>()
  readonly #state: MerkleStateManager
  #head: string

  /** @param rules of the test's network */
  constructor(rules: ChainRules, test: BlockTest) {
    this.#test = test
    this.#commons = new ChainCommons(rules, executingCommon)
    const genesis = this.#block(hexToBytes(test.genesisRLP))
    this.#state = new MerkleStateManager({ common: genesis.common })
    this.#head = bytesToHex(genesis.hash())
    this.#headers.set(this.#head, genesis.header)
  }

  /** @returns why it does not agree with the test; undefined when it does */
  async run(): Promise<string | undefined> {
    await fill(this.#state, this.#test.pre)
    for (const [index, block] of this.#test.blocks.entries()) {
      const expected = exceptionOf(block)
      const failure = await this.#execute(block).catch((error: unknown) => String((error as Error).message ?? error))
      const where = `block ${index + 1} of ${this.#test.blocks.length}:`
      if (failure !== undefined && expected === undefined) return `${where} ${failure}`
      if (failure === undefined && expected !== undefined) return `${where} accepted, but breaks ${expected}`
    }
    return this.#head === this.#test.lastblockhash ? undefined : `the last block is ${this.#head}`
  }

  /** Root after the last block that was accepted. */
  get stateRoot(): string {
    return bytesToHex((this.#headers.get(this.#head) as BlockHeader).stateRoot)
  }

  #block(rlp: Uint8Array) {
    const [fields] = RLP.decode(rlp) as unknown as [Uint8Array[]]
    const common = this.#commons.at(toBigInt(fields[NUMBER] as Uint8Array), toBigInt(fields[TIMESTAMP] as Uint8Array))
    return createBlockFromRLP(rlp, { common })
  }

  async #execute({ rlp, blockAccessListRlp: list }: TestBlock): Promise<string | undefined> {
    const block = this.#block(hexToBytes(rlp))
    const { header } = block
    const parent = this.#headers.get(bytesToHex(header.parentHash))
    if (parent === undefined) return 'its parent is not known'
    const blockchain = this.#chain(parent)
    const vm = await createVM({ common: block.common, stateManager: this.#state, blockchain })
    const { blockLevelAccessList: made } = await runBlock(vm, {
      ...{ block, root: parent.stateRoot, validateBlockSize: true },
      ...(list && { blockAccessList: hexToBytes(list) }),
    })
    const wanted = header.blockAccessListHash
    if (wanted !== undefined && !(made && equalsBytes(made.hash(), wanted))) return 'it makes another access list'
    this.#head = bytesToHex(block.hash())
    this.#headers.set(this.#head, header)
    return undefined
  }

  /** The blocks up to a child's parent, as much of a blockchain as runBlock asks for. */
  #chain(parent: BlockHeader): NonNullable<VMOpts['blockchain']> {
    const chain = {
      getBlock: async (number: number) => {
        let at: BlockHeader | undefined = parent
        while (at !== undefined && at.number > BigInt(number)) at = this.#headers.get(bytesToHex(at.parentHash))
        if (at === undefined) throw new Error(`block ${number} is not known`)
        return at
      },
      putBlock: async () => {},
      validateHeader: async (header: BlockHeader) => validate(header, parent),
      shallowCopy: () => chain,
    }
    return chain
  }
}

/** What its blockchain package compares of a header with its parent. */
function validate(header: BlockHeader, parent: BlockHeader): void {
  const { common } = header
  if (header.number !== parent.number + 1n) throw new Error('invalid number')
  if (header.timestamp <= parent.timestamp) throw new Error('invalid timestamp')
  header.validateGasLimit(parent)
  if (common.isActivatedEIP(1559) && header.baseFeePerGas !== parent.calcNextBaseFee())
    throw new Error('invalid base fee')
  if (common.isActivatedEIP(4844) && header.excessBlobGas !== parent.calcNextExcessBlobGas(common))
    throw new Error('invalid excess blob gas')
}

async function fill(manager: MerkleStateManager, state: TestState): Promise<void> {
  await manager.checkpoint()
  for (const [address, { nonce, balance, code, storage }] of Object.entries(state)) {
    const at = new Address(hexToBytes(address as Hex))
    await manager.putAccount(at, new Account(word(nonce), word(balance)))
    if (code.length > 2) await manager.putCode(at, hexToBytes(code))
    for (const [key, value] of Object.entries(storage)) {
      if (word(value) === 0n) continue
      const bytes = toBytes(word(value), 32)
      await manager.putStorage(at, toBytes(word(key as Hex), 32), bytes.subarray(bytes.findIndex((byte) => byte !== 0)))
    }
  }
  await manager.commit()
}
