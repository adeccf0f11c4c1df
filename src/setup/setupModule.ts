// The module that an executor is given as `workerSetup`: each thread imports it, since functions cannot be sent to one.
import { pathToFileURL } from 'node:url'
import type { CustomCrypto } from '@ethereumjs/common'
import { hex } from '../bytes.js'
import { check } from '../door/shape.js'
import { messageOf, ParallevmError } from '../errors.js'
import { type CustomPrecompile, type OwnPrecompile, ownPrecompiles, PRECOMPILES } from './precompiles.js'

/** What a set-up module exports: one of them at least. */
export interface SetupModule {
  /** Replaces functions of the same name in the Common of @ethereumjs: blocks run in the engine `ethereumjs` then. */
  customCrypto?: CustomCrypto
  /** In every block; both engines have them. */
  customPrecompiles?: readonly CustomPrecompile[]
}

/** The same, checked. */
export interface Setup {
  readonly customCrypto: CustomCrypto | undefined
  readonly precompiles: readonly OwnPrecompile[]
}

export const NO_SETUP: Setup = { customCrypto: undefined, precompiles: [] }

/** The module given as `workerSetup` cannot be used. */
export class WorkerSetupError extends ParallevmError {
  constructor(url: string, problem: string, options?: ErrorOptions) {
    super('WORKER_SETUP_FAILED', `workerSetup module ${url} ${problem}`, options)
  }
}

/** @throws WorkerSetupError */
export async function importSetup(url: string | undefined): Promise<Setup> {
  if (url === undefined) return NO_SETUP
  let module: SetupModule
  try {
    module = await import(url.startsWith('/') ? pathToFileURL(url).href : url)
  } catch (cause) {
    throw new WorkerSetupError(url, `cannot be imported: ${messageOf(cause)}`, { cause })
  }
  const { customCrypto, customPrecompiles } = module
  if (customCrypto === undefined && customPrecompiles === undefined) {
    throw new WorkerSetupError(url, 'must export `customCrypto` or `customPrecompiles`')
  }
  return { customCrypto, precompiles: customPrecompiles === undefined ? [] : contractsOf(url, customPrecompiles) }
}

function contractsOf(url: string, exported: readonly CustomPrecompile[]): OwnPrecompile[] {
  try {
    return ownPrecompiles(check(PRECOMPILES, exported, 'customPrecompiles') as unknown as CustomPrecompile[])
  } catch (cause) {
    throw new WorkerSetupError(url, `exports what it must not: ${messageOf(cause)}`, { cause })
  }
}

/** The addresses of the contracts, in their order: threads know them by their place. */
export function placesOf({ precompiles }: Setup): string {
  return precompiles.map(({ address }) => hex(address)).join(' ')
}
