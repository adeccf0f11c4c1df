// What the header after another one must say: numbers that follow from the parent.

import type { Common } from '@ethereumjs/common'
import { Hardfork } from '@ethereumjs/common'
import { KECCAK256_RLP_ARRAY } from '@ethereumjs/util'
import { sameBytes } from '../bytes.js'
import { type Header, isFirstOf } from './blockHeader.js'

/** Bounds that the gas limit is strictly between, and the least there is (Yellow Paper 4.4.4, EIP-1559). */
export function gasLimitsAfter(parent: Header, header: Header): { above: bigint; below: bigint; least: bigint } {
  const { common } = header
  let limit = parent.gasLimit
  // Half of a limit is the target from London on: the first block of it keeps its target.
  if (header.number !== 0n && isFirstOf(Hardfork.London, header)) limit *= common.param('elasticityMultiplier')
  const change = limit / common.param('gasLimitBoundDivisor')
  return { above: limit - change, below: limit + change, least: common.param('minGasLimit') }
}

/** Base fee of the block after `parent` (EIP-1559), wei. */
export function baseFeeAfter(
  parent: Pick<Header, 'common' | 'gasLimit' | 'gasUsed' | 'baseFeePerGas'>,
  header: Pick<Header, 'common' | 'number'>,
): bigint {
  const fee = parent.baseFeePerGas
  if (isFirstOf(Hardfork.London, header) || fee === undefined) return header.common.param('initialBaseFee')
  const { common } = parent
  const target = parent.gasLimit / common.param('elasticityMultiplier')
  const change = (used: bigint): bigint => (fee * used) / target / common.param('baseFeeMaxChangeDenominator')
  if (parent.gasUsed === target) return fee
  if (parent.gasUsed < target) return fee - change(target - parent.gasUsed)
  const more = change(parent.gasUsed - target)
  return fee + (more > 1n ? more : 1n)
}

/** Price of blob gas, wei: e to the power of the excess over a constant, in integers (EIP-4844). */
export function blobGasPrice(excess: bigint, common: Common): bigint {
  const fraction = common.param('blobGasPriceUpdateFraction')
  let sum = 0n
  let term = common.param('minBlobGas') * fraction
  for (let i = 1n; term > 0n; i++) {
    sum += term
    term = (term * excess) / (fraction * i)
  }
  return sum / fraction
}

/** Excess blob gas of the block after `parent`, under the rules of that block (EIP-4844, EIP-7918). */
export function excessBlobGasAfter(
  parent: Pick<Header, 'excessBlobGas' | 'blobGasUsed' | 'baseFeePerGas'>,
  common: Common,
): bigint {
  const { excessBlobGas: excess = 0n, blobGasUsed: used = 0n, baseFeePerGas: fee = 0n } = parent
  const { targetBlobGasPerBlock: target, maxBlobGasPerBlock: most } = common.getBlobGasSchedule()
  if (excess + used < target) return 0n
  if (common.isActivatedEIP(7918)) {
    const reserve = common.param('blobBaseCost') * fee
    if (reserve > common.param('blobGasPerBlob') * blobGasPrice(excess, common)) {
      return excess + (used * (most - target)) / most
    }
  }
  return excess + used - target
}

/** The exponent of the difficulty bomb (EIP-649 and the delays after it); below zero there is none. */
export function bombExponent({ common, number }: Pick<Header, 'common' | 'number'>): bigint {
  const delay = common.gteHardfork(Hardfork.Byzantium) ? common.param('difficultyBombDelay') : 0n
  return (number < delay ? 0n : number - delay) / 100_000n - 2n
}

/** Difficulty of a block under Ethash (Yellow Paper 4.4.4, EIP-2, EIP-100). The bomb's exponent must be small. */
export function difficultyAfter(
  parent: Pick<Header, 'difficulty' | 'timestamp' | 'uncleHash'>,
  header: Pick<Header, 'common' | 'number' | 'timestamp'>,
): bigint {
  const { common } = header
  const step = parent.difficulty / common.param('difficultyBoundDivisor')
  const bomb = bombExponent(header)
  const difficulty = parent.difficulty + step * factor(parent, header) + (bomb < 0n ? 0n : 2n ** bomb)
  const least = common.param('minimumDifficulty')
  return difficulty < least ? least : difficulty
}

/** How many steps the difficulty changes by. */
function factor(
  parent: Pick<Header, 'timestamp' | 'uncleHash'>,
  { common, timestamp }: Pick<Header, 'common' | 'timestamp'>,
): bigint {
  const seconds = timestamp - parent.timestamp
  if (!common.gteHardfork(Hardfork.Homestead)) return seconds < common.param('durationLimit') ? 1n : -1n
  const byzantium = common.gteHardfork(Hardfork.Byzantium)
  const uncles = byzantium && !sameBytes(parent.uncleHash, KECCAK256_RLP_ARRAY)
  const wanted = (uncles ? 2n : 1n) - seconds / (byzantium ? 9n : 10n)
  return wanted < -99n ? -99n : wanted
}
