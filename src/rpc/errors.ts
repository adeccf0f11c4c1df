import { ParallevmError } from '../errors.js'

/** What can be wrong with a node that answers JSON-RPC. */
export type RpcErrorCode =
  | 'RPC_UNREACHABLE'
  | 'RPC_REFUSED'
  | 'RPC_RATE_LIMITED'
  | 'RPC_NOT_JSON'
  | 'RPC_BAD_ANSWER'
  | 'RPC_METHOD_MISSING'
  | 'RPC_STATE_PRUNED'
  | 'RPC_BLOCK_NOT_FOUND'
  | 'RPC_WRONG_CHAIN'
  | 'RPC_WRONG_PROOF'
  | 'RPC_WITNESS_INCOMPLETE'
  | 'RPC_FAILED'

/** A node could not be asked over JSON-RPC, or what it answered cannot be used. */
export class RpcError extends ParallevmError {
  /** The node, without what may be secret in its URL. */
  readonly server: string
  /** The method that was called; empty when the request as a whole is meant. */
  readonly method: string

  constructor(code: RpcErrorCode, server: string, method: string, problem: string, options?: ErrorOptions) {
    super(code, `${server}${method === '' ? '' : `: ${method}`}: ${problem}`, options)
    this.server = server
    this.method = method
  }
}

/** The part of a URL that may be shown: keys are in the path, the query, or before the host. */
export function serverName(url: string): string {
  return new URL(url).origin
}
