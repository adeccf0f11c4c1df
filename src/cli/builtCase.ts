// A block that was built as a block file: with the witness that it needs.
import { RLP } from '@ethereumjs/rlp'
import { hardforkOf } from '../block/common.js'
import { STATE_ROOT, TIMESTAMP } from '../block/format.js'
import { type BlockCase, expectedOf } from '../blockFiles/index.js'
import { toBigInt } from '../bytes.js'
import type { BuiltBlock } from '../executor/builder/types.js'
import type { Ground } from './buildInputs.js'

/** Executes the block once more, for its witness, and compares it with its header. @throws what `execute` throws */
export async function builtCase(
  {
    executor,
    rules,
    chainId,
    parentHeaders,
    blockHashes,
  }: Omit<Ground, 'defaults' | 'rooted' | 'transactions' | 'close'>,
  { blockRlp, headerRlp }: BuiltBlock,
): Promise<BlockCase> {
  const executed = await executor.execute(blockRlp, {
    parentHeaders,
    blockHashes,
    verify: 'header',
    witness: true,
    advance: false,
  })
  const { number, blockAccessList, witness } = executed
  const header = RLP.decode(headerRlp) as Uint8Array[]
  const { state: nodes, codes, headers } = witness as NonNullable<typeof witness>
  const parent = RLP.decode(parentHeaders[0] as Uint8Array) as Uint8Array[]
  return {
    name: String(number),
    number,
    chainId,
    fork: hardforkOf(rules, number, toBigInt(header[TIMESTAMP] as Uint8Array)),
    blockRlp,
    ...(blockAccessList && { blockAccessList: blockAccessList.rlp }),
    parentHeaders: headers,
    blockHashes: new Map(),
    preState: { kind: 'witness', root: parent[STATE_ROOT] as Uint8Array, nodes, codes },
    expected: expectedOf(header),
  }
}
