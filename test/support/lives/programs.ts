// The contracts of the lives of accounts: one that makes the subject, the subject's own code, and those that reach it.
import { concatBytes } from '@ethereumjs/util'
import { hexOf } from '../bytecode.js'
import { unhex } from '../mapState.js'

/** What a maker is told to do with the subject. */
export const Mode = { DEPLOY: 1, EMPTY: 2, DIE: 3, FAIL: 4, DEPLOY_AND_DESTROY: 5 } as const
/** What the subject's code is told to do. */
export const Order = { USE: 1, DIE: 2 } as const
/** How the director reaches an address. */
export const Kind = { CALL: 0, STATICCALL: 1, OBSERVE: 2 } as const

type Part = string | { label: string } | { jump: string }

/** Hex of a program; a label is a JUMPDEST, a jump a PUSH2 of its position. */
function assemble(...parts: Part[]): string {
  const labels = new Map<string, number>()
  let at = 0
  for (const part of parts) {
    if (typeof part === 'string') at += part.replaceAll(' ', '').length / 2
    else if ('label' in part) labels.set(part.label, at++)
    else at += 3
  }
  return parts
    .map((part) => {
      if (typeof part === 'string') return part.replaceAll(' ', '')
      if ('label' in part) return '5b'
      return `61${(labels.get(part.jump) as number).toString(16).padStart(4, '0')}`
    })
    .join('')
}

const to = (jump: string): Part => ({ jump })
const at = (label: string): Part => ({ label })
const size = (code: string): string => `61${(code.length / 2).toString(16).padStart(4, '0')}`
const LOG_FIRST_WORD = '6000 52 6020 6000 a0'

/** The subject: logs and counts up slot 1 and clears slot 2, or destroys itself. */
export const SUBJECT = assemble(
  ...['6000 35 80 6001 14', to('use'), '57 80 6002 14', to('die'), '57 00'],
  ...[at('use'), `6001 54 80 ${LOG_FIRST_WORD} 6001 01 6001 55 6000 6002 55 00`],
  ...[at('die'), '6020 35 ff'],
)

/** Asks its creator what to do, so that it is the same init code whatever it does; logs slot 1 and sets slots 1 and 2. */
const INIT = withTail(
  (offset) =>
    assemble(
      '6020 6000 6000 6000 6000 33 617530 f1 50',
      '6001 54 6020 52 6020 6020 a0 6007 6002 55 6009 6001 55 6000 51',
      ...['80 6002 14', to('empty'), '57 80 6003 14', to('die'), '57 80 6004 14', to('fail'), '57'],
      `${size(SUBJECT)} ${offset} 6000 39 ${size(SUBJECT)} 6000 f3`,
      ...[at('empty'), '00', at('die'), '33 ff', at('fail'), 'fe'],
    ),
  SUBJECT,
)
export const INIT_CODE = INIT

function withTail(head: (offset: string) => string, tail: string): string {
  return head(size(head('610000'))) + tail
}

/** Makes the subject with the mode in its calldata; answers its init code, which asks without calldata. */
export function maker(create2: boolean): string {
  return withTail(
    (offset) =>
      assemble(
        ...['36', to('act'), '57 6000 54 6000 52 6020 6000 f3'],
        ...[at('act'), `6000 35 6000 55 ${size(INIT)} ${offset} 6000 39`],
        create2 ? `6000 ${size(INIT)} 6000 34 f5` : `${size(INIT)} 6000 34 f0`,
        LOG_FIRST_WORD,
        ...['6000 35 6005 14 15', to('end'), '57'],
        '6002 6020 52 30 6040 52 6000 6000 6040 6020 6000 6000 51 61c350 f1 50',
        ...[at('end'), '00'],
      ),
    INIT,
  )
}

/** Calls the address in its calldata with the value that it got, and fails. */
export const FAILING = assemble('6000 6000 6000 6000 34 6000 35 61c350 f1 fe')

/** Creates a contract that leaves what it got to the address in the calldata. */
export const TESTATOR = assemble(`6000 35 610100 02 7573${'00'.repeat(21)} 17 60ff 17 6000 52 6016 600a 34 f0 50 00`)

/** One step of the director. */
export interface Step {
  to: Uint8Array
  value?: bigint
  words?: (number | Uint8Array)[]
  kind?: number
  gas: number
}

const STEP_SIZE = '60e0'

/** Takes its steps from the calldata, one after the other, and logs how each went. */
export function director(extcodehash: boolean): string {
  const next = [STEP_SIZE, '01', to('loop'), '56']
  return assemble(
    ...['6000', at('loop'), '80 36 11 15', to('end'), '57'],
    '80 6040 01 35 6000 52 80 6060 01 35 6020 52 80 60a0 01 35',
    ...['80 6001 14', to('static'), '57 80 6002 14', to('observe'), '57 50'],
    `6000 6000 82 6080 01 35 6000 84 6020 01 35 85 35 86 60c0 01 35 f1 ${LOG_FIRST_WORD}`,
    ...next,
    ...[at('static'), `50 6000 6000 82 6080 01 35 6000 84 35 85 60c0 01 35 fa ${LOG_FIRST_WORD}`],
    ...next,
    ...[at('observe'), `50 80 35 31 6040 52 80 35 3b 6060 52 ${extcodehash ? '80 35 3f 6080 52' : ''} 6060 6040 a0`],
    ...next,
    ...[at('end'), '00'],
  )
}

const word = (value: number | bigint | Uint8Array): Uint8Array =>
  unhex((value instanceof Uint8Array ? hexOf(value) : value.toString(16)).padStart(64, '0'))

/** The director's calldata. */
export function steps(list: readonly Step[]): Uint8Array {
  return concatBytes(
    ...list.flatMap(({ to, value = 0n, words = [], kind = Kind.CALL, gas }) => [
      ...[word(to), word(value), word(words[0] ?? 0), word(words[1] ?? 0)],
      ...[word(32 * words.length), word(kind), word(gas)],
    ]),
  )
}
