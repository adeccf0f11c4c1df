import { keccak_256 } from '@noble/hashes/sha3.js'

const quantity = (value) => `0x${BigInt(value).toString(16)}`
const hex = (bytes) => `0x${Buffer.from(bytes).toString('hex')}`
const word = (bytes) => `0x${Buffer.from(bytes).toString('hex').padStart(64, '0')}`

/** Requests that give a development node the flat pre-state of a block file. */
export function setStateRequests(prefix, { accounts, codes }) {
  const byHash = new Map(codes.map((code) => [hex(keccak_256(code)), code]))
  const requests = []
  const set = (what, ...params) => requests.push({ method: `${prefix}_set${what}`, params })
  for (const { address, balance, nonce, codeHash, storage } of accounts) {
    const at = hex(address)
    set('Balance', at, quantity(balance))
    if (nonce > 0n) set('Nonce', at, quantity(nonce))
    const code = byHash.get(hex(codeHash))
    if (code) set('Code', at, hex(code))
    for (const [slot, value] of storage)
      set('StorageAt', at, prefix === 'hardhat' ? quantity(word(slot)) : word(slot), word(value))
  }
  return requests
}
