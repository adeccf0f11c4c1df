// What executors say of the state after blocks, over every kind of source, against a state manager; proofs against the verifier
// of @ethereumjs/mpt.
import { MerklePatriciaTrie, verifyMPTWithMerkleProof } from '@ethereumjs/mpt'
import { RLP } from '@ethereumjs/rlp'
import type { MerkleStateManager } from '@ethereumjs/statemanager'
import { Address, bigIntToBytes, bytesToHex, createAccountFromRLP, hexToBytes, type MapDB } from '@ethereumjs/util'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { padded32 } from '../../../src/bytes.js'
import {
  type AccountProof,
  BlockExecutor,
  MissingNodeError,
  memoryState,
  merkleState,
  type ParallevmError,
  type StateSource,
  stateManagerState,
  witnessState,
} from '../../../src/index.js'
import { managerOf } from '../../support/managers.js'
import { type WorkloadChain, workloadChain } from '../../support/workloadChain.js'

const test = suite('stateReader')
let chain: WorkloadChain
/** After all blocks. */
let truth: MerkleStateManager
/** Addresses with slots, of what there is and of what there is not. */
const asked: [address: Uint8Array, keys: Uint8Array[]][] = []

const SOURCES: Record<string, () => Promise<StateSource>> = {
  memory: async () => memoryState(chain.preState.accounts, chain.preState.codes),
  witness: async () => witnessState(await wholeWitness()),
  trie: async () => merkleState(await managerOf(chain.preState, chain.common)),
  async: async () => stateManagerState(await managerOf(chain.preState, chain.common)),
}

async function wholeWitness() {
  const manager = await managerOf(chain.preState, chain.common)
  const { db } = (manager as unknown as { _trie: MerklePatriciaTrie })._trie.database() as unknown as {
    db: MapDB<string, Uint8Array | string>
  }
  const nodes = [...db._database.values()].map((node) => (typeof node === 'string' ? hexToBytes(`0x${node}`) : node))
  return { root: await manager.getStateRoot(), nodes, codes: chain.preState.codes }
}

async function opened(source: StateSource): Promise<BlockExecutor> {
  return await BlockExecutor.create({
    common: chain.common,
    hardfork: 'osaka',
    state: source,
    threads: 2,
    maxMemory: 2 ** 28,
  })
}

test.before(async () => {
  chain = await workloadChain('mainnet-mix', 1_500_000, [1, 1])
  truth = await managerOf(chain.preState, chain.common)
  const executor = await opened(stateManagerState(truth))
  const touched = new Map<string, Set<string>>()
  for (const block of chain.blocks) {
    for (const { address, storage } of (await executor.execute(block)).stateDiff) {
      const keys = touched.get(bytesToHex(address)) ?? new Set()
      for (const { key } of storage) keys.add(bytesToHex(key))
      touched.set(bytesToHex(address), keys)
    }
  }
  await executor.close()
  for (const [address, keys] of touched) {
    const slots = [...keys].slice(0, 4).map((key) => hexToBytes(key as `0x${string}`))
    asked.push([hexToBytes(address as `0x${string}`), [...slots, padded32(bigIntToBytes(123456789n))]])
  }
  // Untouched accounts, and one that there is not.
  for (const { address, storage } of chain.preState.accounts.slice(0, 10)) {
    asked.push([address, [...storage].slice(0, 2).map(([key]) => padded32(key))])
  }
  asked.push([new Uint8Array(20).fill(0xab), [new Uint8Array(32)]])
})

for (const [name, make] of Object.entries(SOURCES)) {
  test(`reads over a ${name} state are those of a state manager`, async () => {
    const executor = await opened(await make())
    try {
      for (const block of chain.blocks) await executor.execute(block)
      for (const [address, keys] of asked) {
        const at = new Address(address)
        const [ours, theirs] = [await executor.getAccount(address), await truth.getAccount(at)]
        assert.equal(
          ours && { ...ours },
          theirs && { nonce: theirs.nonce, balance: theirs.balance, codeHash: theirs.codeHash },
        )
        assert.equal(await executor.getCode(at), await truth.getCode(at))
        for (const key of keys) {
          assert.equal(await executor.getStorage(address, key), padded32(await truth.getStorage(at, key)))
        }
        if (name !== 'async') await checkProof(await executor.getProof(address, keys), address, keys)
      }
      if (name === 'async') await refused(executor)
    } finally {
      await executor.close()
    }
  })
}

async function checkProof(proof: AccountProof, address: Uint8Array, keys: readonly Uint8Array[]): Promise<void> {
  const root = await truth.getStateRoot()
  const leaf = await verified(address, proof.accountProof, root)
  const account = await truth.getAccount(new Address(address))
  assert.is(leaf === null, account === undefined)
  if (leaf !== null) {
    const { nonce, balance, storageRoot, codeHash } = createAccountFromRLP(leaf)
    const said = [BigInt(proof.nonce), BigInt(proof.balance), proof.storageHash, proof.codeHash]
    assert.equal(said, [nonce, balance, bytesToHex(storageRoot), bytesToHex(codeHash)])
  }
  assert.is(proof.address, bytesToHex(address))
  assert.is(proof.storageProof.length, keys.length)
  for (const [index, { key, value, proof: nodes }] of proof.storageProof.entries()) {
    assert.is(key, bytesToHex(keys[index]!))
    if (nodes.length === 0) {
      assert.is(proof.storageHash, '0x56e81f171bcc55a6ff8345e692c0f86e5b48e01b996cadc001622fb5e363b421')
      assert.is(value, '0x0')
      continue
    }
    const word = await verified(keys[index]!, nodes, hexToBytes(proof.storageHash))
    assert.is(BigInt(value), word === null ? 0n : BigInt(bytesToHex(RLP.decode(word) as Uint8Array)))
  }
}

function verified(key: Uint8Array, proof: readonly `0x${string}`[], root: Uint8Array): Promise<Uint8Array | null> {
  return verifyMPTWithMerkleProof(
    new MerklePatriciaTrie({ useKeyHashing: true, root }),
    root,
    key,
    proof.map(hexToBytes),
  )
}

async function refused(executor: BlockExecutor): Promise<void> {
  const error = await executor.getProof(asked[0]![0]).then(
    () => undefined,
    (thrown: ParallevmError) => thrown,
  )
  assert.is(error?.code, 'UNSUPPORTED')
  assert.match(error?.message ?? '', /use memoryState, witnessState or merkleState/)
}

test('a witness without the nodes says which one lacks', async () => {
  const { root, nodes } = await wholeWitness()
  const executor = await opened(witnessState({ root, nodes: [], codes: [] }))
  try {
    const error = await executor.getProof(asked[0]![0]).then(
      () => undefined,
      (thrown: unknown) => thrown,
    )
    assert.instance(error, MissingNodeError)
    assert.is((error as MissingNodeError).hash, bytesToHex(root))
    assert.is((error as MissingNodeError).address, undefined)
    assert.ok(nodes.length > 0)
  } finally {
    await executor.close()
  }
})

test('a witness without the nodes of a storage trie says whose they are', async () => {
  const whole = await wholeWitness()
  const { address, storage } = chain.preState.accounts.find(({ storage }) => [...storage].length > 0)!
  const [[key]] = [...storage] as [[Uint8Array, Uint8Array]]
  const complete = await opened(witnessState(whole))
  const { accountProof, storageHash } = await complete.getProof(address)
  await complete.close()
  const nodes = accountProof.map((node) => hexToBytes(node as `0x${string}`))
  const executor = await opened(witnessState({ root: whole.root, nodes, codes: [] }))
  try {
    const error = await executor.getStorage(address, key).then(
      () => undefined,
      (thrown: unknown) => thrown as MissingNodeError,
    )
    assert.instance(error, MissingNodeError)
    assert.equal(error?.address, address)
    assert.is(error?.hash, storageHash)
    assert.is(error?.trie, `the storage trie of ${bytesToHex(address)}`)
  } finally {
    await executor.close()
  }
})

test('what is asked for wrongly is named', async () => {
  const executor = await opened(memoryState([]))
  try {
    for (const [ask, field] of [
      [() => executor.getAccount('0x12'), 'address'],
      [() => executor.getStorage(new Uint8Array(20), new Uint8Array(33)), 'key'],
      [() => executor.getProof(new Uint8Array(20), [1n, 'x']), 'keys[1]'],
    ] as const) {
      const error = await (ask() as Promise<unknown>).then(
        () => undefined,
        (thrown: ParallevmError) => thrown,
      )
      assert.is(error?.code, 'INVALID_INPUT')
      assert.is((error as unknown as { field: string }).field, field)
    }
    assert.is(await executor.getAccount(new Uint8Array(20)), undefined)
  } finally {
    await executor.close()
  }
})

test.run()
