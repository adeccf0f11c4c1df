import { execFile } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { packageRoot } from '../../src/blockFiles/index.js'

export interface Ended {
  status: number
  stdout: string
  stderr: string
}

/** Milliseconds. Longer no command of a test takes, however busy the machine is. */
const LIMIT = 300_000

/** Runs the command. One that does not end is killed, and what its threads waited for is said on stderr. */
export function runMain(args: string[]): Promise<Ended> {
  const main = join(packageRoot(), 'dist/src/cli/main.js')
  return new Promise((resolve) => {
    let stuck = ''
    const child = execFile(process.execPath, [main, ...args], { env: plainEnvironment() }, (error, stdout, stderr) => {
      clearTimeout(timer)
      resolve({ status: error === null ? 0 : Number(error.code), stdout, stderr: stderr + stuck })
    })
    const timer = setTimeout(() => {
      stuck = `\nkilled after ${LIMIT / 1000} s: ${args.join(' ')}\n${threadsOf(child.pid)}`
      child.kill('SIGKILL')
    }, LIMIT)
  })
}

/** A line for each thread of a process: its name, its state, and where it sleeps in the kernel. */
function threadsOf(pid: number | undefined): string {
  const folder = `/proc/${pid}/task`
  const said = (thread: string, what: string): string => readFileSync(join(folder, thread, what), 'utf8').trim()
  try {
    return readdirSync(folder)
      .map((id) => `${said(id, 'comm')}: ${/^State:\s+(.*)$/m.exec(said(id, 'status'))?.[1]}, ${said(id, 'wchan')}`)
      .join('\n')
  } catch (error) {
    return String(error)
  }
}

/** Our environment for a child process, without what the test runner says about colours: Node warns of contradictions. */
export function plainEnvironment(): NodeJS.ProcessEnv {
  const { NO_COLOR, FORCE_COLOR, ...rest } = process.env
  return rest
}
