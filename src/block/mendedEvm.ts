// Faults of @ethereumjs/evm 10.1.3 that change what a block comes to, mended from outside: docs/upstream has a page on each.
// The engine in the workers and the reference run both run on this class. With another version of the library, try first
// without it: test/src/block/mendedEvm.test.ts says what must come out.
import { EVM, type EVMResult, type ExecResult, type Log, type Message } from '@ethereumjs/evm'

/** EIP-3541: no code that begins with it is deployed. */
const FORMAT = 0xef
const NOTHING = new Uint8Array(0)

export class MendedEVM extends EVM {
  /** Output of failed init code, by its result, while `_executeCreate` looks at it. */
  readonly #withheld = new WeakMap<ExecResult, Uint8Array>()

  /**
   * `_executeCreate` takes the output of init code that reverted for code to deploy, and fails the creation with all its gas
   * when it begins with 0xEF: it does not see such an output.
   */
  protected override async runInterpreter(
    message: Message,
    options?: { pc?: number; initialLogs?: Log[] },
  ): Promise<ExecResult> {
    const result = await super.runInterpreter(message, options)
    if (message.isCreate === true && result.exceptionError !== undefined && result.returnValue[0] === FORMAT) {
      this.#withheld.set(result, result.returnValue)
      result.returnValue = NOTHING
    }
    return result
  }

  protected override async _executeCreate(message: Message): Promise<EVMResult> {
    const result = await super._executeCreate(message)
    const output = this.#withheld.get(result.execResult)
    if (output !== undefined) result.execResult.returnValue = output
    return result
  }
}
