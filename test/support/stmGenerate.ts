// Random blocks of the synthetic language, by kind of conflict.
import { type Op, type Program, randomFrom } from './stmProgram.js'

export const SHAPES = ['mixed', 'independent', 'chain', 'hotspot', 'deltas', 'destroy', 'branches'] as const
export type Shape = (typeof SHAPES)[number]

export function generate(shape: Shape, seed: number, txCount: number, first = 0): Program {
  const random = randomFrom(seed)
  const accounts = shape === 'independent' ? txCount + 1 : shape === 'destroy' ? 2 : 2 + random(5)
  const slots = shape === 'hotspot' ? 1 : 1 + random(4)
  const txs: Op[][] = []
  for (let tx = 0; tx < txCount; tx++) {
    const ops: Op[] = []
    const length = 1 + random(6)
    for (let i = 0; i < length; i++) ops.push(...step(shape, random, tx, accounts, slots))
    txs.push(ops)
  }
  return { name: `${shape} seed ${seed}, ${txCount} transactions`, seed, first, accounts, slots, txs }
}

function step(shape: Shape, random: (below: number) => number, tx: number, accounts: number, slots: number): Op[] {
  const a = random(accounts)
  const b = random(accounts)
  const k = random(slots)
  switch (shape) {
    case 'independent':
      return [
        ['sadd', tx, k, 1],
        ['nonce', tx],
        ['credit', accounts - 1, random(9)],
      ]
    case 'chain':
      return [
        ['sadd', 0, 0, 1 + random(3)],
        ['sstore', 0, k, -1],
      ]
    case 'hotspot':
      return random(3) === 0
        ? [['sadd', 0, 0, random(2)]]
        : [
            ['sload', 0, 0],
            ['sstore', a, 0, random(2)],
          ]
    case 'deltas':
      // The same number as a delta or as a value, by what was seen: an incarnation may replace one by the other.
      if (random(4) === 0) {
        return [
          ['sadd', 0, 0, 1],
          ['skipIfOdd', 1],
          ['drain', a],
          ['credit', a, 5],
        ]
      }
      return random(5) === 0
        ? [['balance', 0]]
        : random(4) === 0
          ? [['transfer', a, b, random(60)]]
          : [['credit', random(2), 1 + random(9)]]
    case 'destroy':
      return random(3) === 0
        ? [random(2) === 0 ? ['destroy', a] : ['create', a]]
        : random(2) === 0
          ? [['sadd', a, k, 1]]
          : [
              ['sload', b, k],
              ['exists', a],
            ]
    case 'branches':
      return [
        ['sload', a, k],
        ['skipIfOdd', 1],
        ['sstore', b, k, -1],
        ...(random(4) === 0 ? [['abortIfOdd'] as Op] : []),
      ]
    default:
      return [any(random, a, b, k)]
  }
}

function any(random: (below: number) => number, a: number, b: number, k: number): Op {
  switch (random(17)) {
    case 0:
    case 1:
      return ['sload', a, k]
    case 2:
      return ['sstore', a, k, random(3) - 1]
    case 3:
    case 4:
      return ['sadd', a, k, random(3)]
    case 5:
      return ['balance', a]
    case 6:
      return ['transfer', a, b, random(120)]
    case 7:
      return ['credit', a, random(20)]
    case 8:
      return ['drain', a]
    case 9:
      return ['nonce', a]
    case 10:
      return ['code', a]
    case 11:
      return ['exists', a]
    case 12:
      return ['empty', a]
    case 13:
      return ['atLeast', a, random(150)]
    case 14:
      return random(2) === 0 ? ['create', a] : ['destroy', a]
    case 15:
      return random(2) === 0 ? ['touch', a] : ['skipIfOdd', 1 + random(2)]
    default:
      return random(3) === 0 ? ['abortIfOdd'] : ['sadd', b, k, 1]
  }
}
