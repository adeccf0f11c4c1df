import { checkBody } from '../block/checks.js'
import type { BlockCore } from '../wasm/blockCore.js'
import { HostFailure } from '../workers/hostFailure.js'
import type { BlockInput } from './blockInput.js'
import { hashing } from './hashing.js'

/**
 * The roots of a block's body, which nothing that executes it waits for: they are checked while workers do. What is wrong
 * with them goes before all that the execution of such a body may come to.
 */
export class BodyCheck {
  readonly #input: BlockInput
  readonly #core: BlockCore
  readonly #generate: boolean
  #checked = false
  #error: unknown

  constructor(input: BlockInput, core: BlockCore, generate: boolean) {
    this.#input = input
    this.#core = core
    this.#generate = generate
  }

  /** While the block is executed. Never throws: a body that is wrong ends the execution. */
  meanwhile(): void {
    this.#check()
    if (this.#error !== undefined) this.#core.exports.blockFail(HostFailure.BODY)
  }

  /** Before the block is executed, or after. @throws InvalidBlockError naming the root that the body does not have */
  throwIfWrong(): void {
    this.#check()
    if (this.#error !== undefined) throw this.#error
  }

  #check(): void {
    if (this.#checked) return
    this.#checked = true
    const { header, block } = this.#input
    try {
      checkBody(header, block, hashing(this.#core.core), this.#generate)
    } catch (error) {
      this.#error = error
    }
  }
}
