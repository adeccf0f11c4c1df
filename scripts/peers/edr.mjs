// EDR (revm, the engine of Hardhat 3) as a native module in this process.
import { setStateRequests } from './state.mjs'

/** Starts one with the state given, which mines when it is asked to: { name, send(requests), close() }. */
export async function startEdr({ chainId, baseFee, gasLimit, timestamp, coinbase, accounts }) {
  const edr = await import('@nomicfoundation/edr')
  const context = new edr.EdrContext()
  await context.registerProviderFactory(edr.L1_CHAIN_TYPE, edr.l1ProviderFactory())
  const config = {
    allowBlocksWithSameTimestamp: true,
    allowUnlimitedContractSize: false,
    bailOnCallFailure: false,
    bailOnTransactionFailure: false,
    chainId: BigInt(chainId),
    coinbase: Buffer.from(coinbase.slice(2), 'hex'),
    defaultTransactionGasLimit: 16_000_000n,
    genesisState: [],
    hardfork: edr.l1HardforkToString(edr.L1Hardfork.Osaka),
    initialBaseFeePerGas: BigInt(baseFee),
    initialParentBeaconBlockRoot: new Uint8Array(32),
    minGasPrice: 0n,
    mining: { autoMine: false, blockGasLimit: BigInt(gasLimit), memPool: { order: edr.MineOrdering.Fifo } },
    network: { genesisBlockGasLimit: BigInt(gasLimit), genesisBlockTime: BigInt(timestamp) },
    networkId: BigInt(chainId),
    observability: {},
    ownedAccounts: [],
    precompileOverrides: [],
  }
  const logger = { enable: false, decodeConsoleLogInputsCallback: () => [], printLineCallback: () => {} }
  const subscriptions = { subscriptionCallback: () => {} }
  const provider = await context.createProvider(
    edr.L1_CHAIN_TYPE,
    config,
    logger,
    subscriptions,
    new edr.ContractDecoder(),
  )
  const send = async (requests) => {
    const answers = requests.map(async ({ method, params }, id) => {
      const { data } = await provider.handleRequest(JSON.stringify({ jsonrpc: '2.0', id, method, params }))
      const { result, error } = typeof data === 'string' ? JSON.parse(data) : data
      if (error) throw new Error(`EDR: ${method}: ${error.message}`)
      return result
    })
    return Promise.all(answers)
  }
  await send(setStateRequests('hardhat', accounts))
  await send([{ method: 'hardhat_setNextBlockBaseFeePerGas', params: [`0x${BigInt(baseFee).toString(16)}`] }])
  return { name: 'EDR', send, close: () => {} }
}
