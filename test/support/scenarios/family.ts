import { pushAddress, sstore } from '../bytecode.js'
import { type Scenario, since } from '../scenario.js'

/** Blocks that belong together, for every fork in which they make sense. Every engine must agree on each of them. */
export interface Family {
  name: string
  forks: readonly string[]
  blocks: (hardfork: string) => Scenario[] | Promise<Scenario[]>
}

/** Code that keeps what can be asked about an account: balance, code size, code hash, in slots from `key` on. */
export function ask(hardfork: string, about: Uint8Array, key: number): string {
  const opcodes = since('petersburg').includes(hardfork) ? ['31', '3b', '3f'] : ['31', '3b']
  return opcodes.map((opcode, i) => sstore(key + i, `${pushAddress(about)}${opcode}`)).join('')
}
