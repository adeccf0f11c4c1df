import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { packageRoot } from '../../src/blockFiles/index.js'

export interface Ended {
  status: number
  stdout: string
  stderr: string
}

/** Runs the command. */
export function runMain(args: string[]): Promise<Ended> {
  const main = join(packageRoot(), 'dist/src/cli/main.js')
  return new Promise((resolve) => {
    execFile(process.execPath, [main, ...args], { env: plainEnvironment() }, (error, stdout, stderr) => {
      resolve({ status: error === null ? 0 : Number(error.code), stdout, stderr })
    })
  })
}

/** Our environment for a child process, without what the test runner says about colours: Node warns of contradictions. */
export function plainEnvironment(): NodeJS.ProcessEnv {
  const { NO_COLOR, FORCE_COLOR, ...rest } = process.env
  return rest
}
