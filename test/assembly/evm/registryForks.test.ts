// The registry of forks: every fork is known to those who list forks.
import { createBlockHeader } from '@ethereumjs/block'
import { type Common, Hardfork } from '@ethereumjs/common'
import { TransactionType } from '@ethereumjs/tx'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { FORKS } from '../../../src/abi/registry.js'
import { type ChainRules, fixedCommon } from '../../../src/block/common.js'
import { formatOf, TRANSACTION_TYPES } from '../../../src/block/format.js'
import { wasmSupports } from '../../../src/block/wasmSupports.js'
import { FUZZ_FORKS } from '../../../src/fuzz/fuzzer.js'
import { rulesOfNetwork } from '../../../src/spectests/forks.js'
import { RULES } from '../../support/registryCases.js'

const forks = suite('forks')

/** Of @ethereumjs/common, and not ours. */
const LEFT_OUT: Readonly<Record<string, string>> = {
  mergeNetsplitBlock: 'has no rules of its own',
  bogota: 'is not supported yet',
}

forks('each is one that @ethereumjs/common names, and each of those is here or left out on purpose', () => {
  const named = new Set<string>(Object.values(Hardfork))
  assert.equal(
    FORKS.filter(({ hardfork }) => !named.has(hardfork)).map(({ test }) => test),
    [],
  )
  const ours = new Set(FORKS.map(({ hardfork }) => hardfork))
  assert.equal(
    [...named].filter((name) => !ours.has(name) && LEFT_OUT[name] === undefined),
    [],
  )
})

forks('a fork that changes rules has a number of its own, and none is here and left out', () => {
  const first = new Map<number, string>()
  const doubled = FORKS.filter(({ kind, hardfork, rules }) => {
    if (kind !== 'rules') return false
    const other = first.get(rules) ?? hardfork
    first.set(rules, other)
    return other !== hardfork
  })
  assert.equal(
    doubled.map(({ test }) => test),
    [],
  )
  assert.equal(
    FORKS.filter(({ hardfork }) => LEFT_OUT[hardfork] !== undefined).map(({ test }) => test),
    [],
  )
})

forks('rules rise from row to row, and all of them are some fork', () => {
  assert.equal(
    FORKS.map(({ rules }) => rules),
    FORKS.map(({ rules }) => rules).sort((a, b) => a - b),
  )
  const used = new Set(FORKS.map(({ rules }) => rules))
  assert.equal(
    RULES.filter(([, rules]) => !used.has(rules)).map(([name]) => name),
    [],
  )
})

forks('fuzzing visits every fork that changes rules or blobs', () => {
  const visited = new Set(FUZZ_FORKS)
  // The same fork under another name is not visited twice.
  const wanted = FORKS.filter(({ kind }) => kind === 'rules' || kind === 'blobs').filter(({ test }) => test !== 'Merge')
  assert.equal(
    wanted.filter(({ test }) => !visited.has(test)).map(({ test }) => test),
    [],
  )
})

/** What is wrong with each fork; empty when nothing is. */
const complaints = (judge: (common: Common, rules: ChainRules) => string | undefined): string[] =>
  FORKS.flatMap(({ test, hardfork }) => {
    const rules = rulesOfNetwork(test)
    const complaint = judge(fixedCommon(rules, hardfork), rules)
    return complaint === undefined ? [] : [`${test}: ${complaint}`]
  })

forks('the core executes each', () => {
  assert.equal(
    complaints((common, rules) => wasmSupports(rules, common)),
    [],
  )
})

forks('the header of each has the fields that @ethereumjs/block gives it, and there is a format for every type', () => {
  assert.equal(
    complaints((common) => {
      const ours = formatOf(common).header.fields.length
      const theirs = createBlockHeader({}, { common }).raw().length
      return ours === theirs ? undefined : `${ours} fields of a header, and ${theirs} of @ethereumjs/block`
    }),
    [],
  )
  const types = Object.values(TransactionType).filter((type) => typeof type === 'number')
  assert.is(types.length, TRANSACTION_TYPES)
})

forks.run()
