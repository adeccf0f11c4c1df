import { checkBody } from '../block/checks.js'
import type { Core } from '../wasm/core.js'
import type { BlockInput } from './blockInput.js'
import { hashing } from './hashing.js'

/**
 * The roots of a block's body as the host makes them: for a block that the core does not accept. What is wrong with them goes
 * before all that the execution of such a body may have come to.
 * @throws InvalidBlockError naming the root that the body does not have
 */
export function throwIfWrongBody({ header, block }: BlockInput, core: Core, generate: boolean): void {
  checkBody(header, block.decoded(), hashing(core), generate)
}
