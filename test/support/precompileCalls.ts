// Precompiled contracts as the core's EVM runs them.
import { Rules } from '../../src/abi/core.generated.js'
import { toBytes } from '../../src/bytes.js'
import { address, play, transaction } from './evmScenario.js'
import { hex } from './mapState.js'

/** Outputs of calls of the contract at an address, all in one block; `failed` for one that fails. */
export function callOutputs(id: number, inputs: Uint8Array[], rules: Rules = Rules.PRAGUE): string[] {
  const to = toBytes(BigInt(id), 20)
  const txs = inputs.map((data, i) => transaction({ to, nonce: BigInt(i), gasLimit: 16_000_000n, data }))
  const funds: [Uint8Array, { balance: bigint }] = [address(1), { balance: 10n ** 18n }]
  return play([funds], txs, { rules }).outcomes.map((outcome) => {
    if (outcome.kind === 1) return hex(outcome.returnData)
    return outcome.kind === 0 ? 'failed' : `outcome ${outcome.kind}`
  })
}
