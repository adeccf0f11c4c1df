// Writes the parameters that the packages of @ethereumjs set in a Common to src/block/packageParams.generated.ts: data alone,
// so that nobody has to load their EVM for them.
import { writeFileSync } from 'node:fs'
import { paramsBlock } from '@ethereumjs/block'
import { paramsEVM } from '@ethereumjs/evm'
import { paramsTx } from '@ethereumjs/tx'
import { paramsVM } from '@ethereumjs/vm'

const FILE = new URL('../src/block/packageParams.generated.ts', import.meta.url)
const packages = [paramsEVM, paramsTx, paramsBlock, paramsVM]
const text = `// Written by scripts/build-params.mjs.
import type { ParamsDict } from '@ethereumjs/common'

/** Of @ethereumjs/evm, tx, block and vm, in that order. */
export const PACKAGE_PARAMS: readonly ParamsDict[] = ${JSON.stringify(packages)}
`
writeFileSync(FILE, text)
