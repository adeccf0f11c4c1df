// Headers and what follows from a parent, compared with @ethereumjs/block over random headers of every hardfork.
import { type BlockHeader, createBlockHeaderFromBytesArray } from '@ethereumjs/block'
import { Common, Mainnet } from '@ethereumjs/common'
import { bigIntToUnpaddedBytes, KECCAK256_RLP_ARRAY, utf8ToBytes } from '@ethereumjs/util'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { type Header, headerOf } from '../../../src/block/blockHeader.js'
import { fixedCommon, rulesOf } from '../../../src/block/common.js'
import { formatOf } from '../../../src/block/format.js'
import * as rules from '../../../src/block/headerRules.js'
import { Random } from '../../../src/workloads/random.js'

const BEFORE_MERGE = ['chainstart', 'homestead', 'dao', 'byzantium', 'constantinople', 'muirGlacier', 'london']
const FORKS = [...BEFORE_MERGE, 'grayGlacier', 'paris', 'shanghai', 'cancun', 'prague', 'osaka', 'bpo1', 'bpo2']

const random = new Random(20_261_127, 'headers')
const below = (most: number): number => random.below(most)
const bytes = (length: number): Uint8Array => Uint8Array.from({ length }, () => below(256))

function numberOf(name: string, number: bigint, limit: bigint): bigint {
  const used = [0n, limit / 2n, limit, limit + 1n, (limit * BigInt(below(1000))) / 1000n]
  const values: Record<string, () => bigint> = {
    number: () => number,
    gasLimit: () => limit,
    gasUsed: () => used[below(used.length)] as bigint,
    timestamp: () => BigInt(1_000 + below(2_000)),
    difficulty: () => BigInt(below(2 ** 30)) * BigInt(1 + below(2 ** 20)),
    baseFeePerGas: () => (below(3) ? BigInt(below(2 ** 38)) : 1_000_000_000n),
    blobGasUsed: () => 131_072n * BigInt(below(22)),
    excessBlobGas: () => BigInt(below(below(2) ? 2 ** 27 : 2 ** 20)),
    slotNumber: () => 5n,
  }
  return (values[name] as () => bigint)()
}

/** By ours and theirs; undefined: both refuse it. */
function both(common: Common, number: bigint, limit: bigint): { ours: Header; theirs: BlockHeader } | undefined {
  const fields = formatOf(common).header.fields.map(({ name, format }) => {
    if (format.kind === 'integer') return bigIntToUnpaddedBytes(numberOf(name, number, limit))
    if (name === 'extraData') return below(2) ? utf8ToBytes('dao-hard-fork') : bytes(below(33))
    if (name === 'ommersHash' && below(2)) return KECCAK256_RLP_ARRAY
    return bytes((format as { length: number }).length)
  })
  const ours = (): Header => headerOf({ fields, common } as never)
  let theirs: BlockHeader
  try {
    theirs = createBlockHeaderFromBytesArray(fields as never, { common, skipConsensusFormatValidation: true })
  } catch {
    assert.throws(ours, ({ code }: { code?: string }) => code === 'INVALID_HEADER')
    return undefined
  }
  return { ours: ours(), theirs }
}

function compare(common: Common, parent: { ours: Header; theirs: BlockHeader }, child: typeof parent): void {
  const { ours, theirs } = child
  for (const [name, value] of Object.entries(ours)) {
    if (name === 'coinbase') assert.equal(value, { bytes: theirs.coinbase.bytes })
    else if (name !== 'common') assert.equal(value, theirs[name as keyof BlockHeader], name)
  }
  const limits = rules.gasLimitsAfter(parent.ours, ours)
  const allowed = ours.gasLimit > limits.above && ours.gasLimit < limits.below && ours.gasLimit >= limits.least
  const check = (): void => theirs.validateGasLimit(parent.theirs)
  if (allowed) check()
  else assert.throws(check)
  if (parent.ours.baseFeePerGas !== undefined && ours.number !== common.hardforkBlock('london')) {
    assert.is(rules.baseFeeAfter(parent.ours, ours), parent.theirs.calcNextBaseFee())
  }
  if (ours.excessBlobGas !== undefined) {
    assert.is(rules.blobGasPrice(ours.excessBlobGas, common), theirs.getBlobGasPrice())
    assert.is(rules.excessBlobGasAfter(parent.ours, common), parent.theirs.calcNextExcessBlobGas(common))
  }
  if (common.consensusType() === 'pow' && ours.timestamp > parent.ours.timestamp) {
    assert.is(rules.difficultyAfter(parent.ours, ours), theirs.ethashCanonicalDifficulty(parent.theirs))
  }
}

test('a header and the numbers that its parent gives are those of @ethereumjs/block', () => {
  let [compared, refused] = [0, 0]
  for (const fork of FORKS) {
    const common = fixedCommon(rulesOf(new Common({ chain: Mainnet })), fork)
    const first = common.hardforkBlock(fork) ?? 1n
    const numbers = [0n, 1n, 9n, 10n, BigInt(below(3_000_000))].map((more) => first + more).filter((n) => n > 0n)
    for (let i = 0; i < 200; i++) {
      const number = numbers[below(numbers.length)] as bigint
      const limit = BigInt(5_000 + below(60_000_000))
      const parent = both(common, number - 1n, limit)
      const child = both(common, number, (limit * BigInt(998_000 + below(5_000))) / 1_000_000n)
      if (parent === undefined || child === undefined) refused++
      else compare(common, parent, child)
      compared++
    }
  }
  assert.ok(compared - refused > 1_000 && refused > 100, `${compared}, ${refused} of them refused`)
})

test.run()
