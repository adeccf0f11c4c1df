// A game on the chain: moves over a map, and fights with a boss.
import { calldata } from '../abi.js'
import { type DefiWorkload, people, several, unlucky } from './workload.js'

const LIFE = 1n << 200n
const STRIDE = 3

export const game: DefiWorkload = {
  name: 'game',
  about: 'turns of a game: moves that gather gold from a map, hits on a boss',
  spread: 'players all over the map, many bosses',
  hot: 'every turn hits the same boss',
  gas: { spread: 66_000, hot: 74_000 },
  share: 20,
  async setUp(site) {
    const { world, random, hot } = site
    const at = await world.deploy('Game')
    const bosses = several(site, 4, 64)
    for (let boss = 0; boss < bosses; boss++) await world.call(at, 'summon(uint256,uint256)', BigInt(boss), LIFE)
    const players = people(site, 'gamer')
    const step = () => BigInt(random.below(2 * STRIDE + 1) - STRIDE)
    return () => {
      const sender = players.next()
      const fails = unlucky(site)
      if (hot || random.below(4) === 0) {
        const data = calldata('hit(uint256)', fails ? LIFE : BigInt(random.below(bosses)))
        return { sender, gas: fails ? 24_000 : 78_000, to: at, fields: { data }, fails }
      }
      const data = calldata('move(int32,int32)', fails ? 9n : step(), step())
      return { sender, gas: fails ? 22_500 : 80_000, to: at, fields: { data }, fails }
    }
  },
}
