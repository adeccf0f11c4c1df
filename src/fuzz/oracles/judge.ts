// Who is wrong about a block: the executor, or one of several oracles.
import type { PlainState } from '../../spectests/plainState.js'
import type { FuzzBlock } from '../blocks.js'
import { difference, type Side } from './compare.js'
import { ownReading } from './readings.js'

export interface Verdict {
  /** `executor`: all oracles agree that it is something else. `oracles`: they do not agree with each other. */
  kind: 'executor' | 'oracles'
  /** Names of the oracles that differ from the executor. */
  against: string
  /** The first difference. */
  difference: string
}

export interface Judgement {
  verdict?: Verdict
  /** Known own readings of oracles that the block met; their answers do not count. */
  readings: string[]
}

export function judge(state: PlainState, block: FuzzBlock, executor: Side, oracles: readonly Side[]): Judgement {
  const index = block.fault?.index
  const readings: string[] = []
  const heard = oracles.filter(({ name, answer }) => {
    const reading = ownReading(name, answer, block)
    if (reading !== undefined) readings.push(reading)
    return reading === undefined
  })
  const differing = heard.flatMap((side) => {
    const found = difference(state, executor, side, index)
    return found === undefined ? [] : [{ side, found }]
  })
  const [first] = differing
  if (first === undefined) {
    const accepted = heard.length > 0 && executor.answer.kind === 'outcome' ? block.fault : undefined
    const text = accepted && `all accept transaction ${accepted.index}, which breaks rule ${accepted.refusal}`
    return { readings, ...(text && { verdict: { kind: 'executor', against: names(heard), difference: text } }) }
  }
  const against = names(differing.map(({ side }) => side))
  const agreeing = heard.filter((side) => differing.every((each) => each.side !== side))
  const united = differing.every(({ side }) => difference(state, first.side, side, index) === undefined)
  if (united && agreeing.length === 0) {
    return { readings, verdict: { kind: 'executor', against, difference: first.found } }
  }
  const who = agreeing.length > 0 ? `the executor and ${names(agreeing)} agree; ` : 'no two agree; '
  const text = who + differing.map(({ found }) => found).join('; ')
  return { readings, verdict: { kind: 'oracles', against, difference: text } }
}

function names(sides: readonly Side[]): string {
  return sides.map(({ name }) => name).join(', ')
}
