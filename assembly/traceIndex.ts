// The tracing module: what the core has, and the running of single transactions of a block that is over.
export * from './index'
export { enterReplay, replay } from './block/replay'
export { dropTrace, setTrace } from './evm/traceStream'
