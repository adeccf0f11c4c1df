import { Common, Hardfork, Mainnet } from '@ethereumjs/common'
import { createEVM, getActivePrecompiles, type PrecompileInput } from '@ethereumjs/evm'
import { hexToBytes, type PrefixedHexString } from '@ethereumjs/util'
import { verifyPointEvaluation } from '../../src/crypto/pointEvaluation.js'

const kzg = {
  verifyProof(commitment: PrefixedHexString, z: PrefixedHexString, y: PrefixedHexString, proof: PrefixedHexString) {
    return verifyPointEvaluation(hexToBytes(commitment), hexToBytes(z), hexToBytes(y), hexToBytes(proof))
  },
}
const common = new Common({
  chain: Mainnet,
  hardfork: Hardfork.Osaka,
  customCrypto: { kzg } as unknown as NonNullable<Common['customCrypto']>,
})
const evm = await createEVM({ common })
const precompiles = getActivePrecompiles(common)

/** What @ethereumjs/evm answers with all gas it may want; `undefined` when the call fails. */
export async function referencePrecompile(id: number, data: Uint8Array): Promise<Uint8Array | undefined> {
  const contract = precompiles.get(id.toString(16).padStart(40, '0'))
  if (contract === undefined) throw new Error(`@ethereumjs/evm has no precompile 0x${id.toString(16)}`)
  const input = { data: data.slice(), gasLimit: 1n << 62n, common, _EVM: evm } as unknown as PrecompileInput
  const result = await contract(input)
  return result.exceptionError === undefined ? result.returnValue : undefined
}
