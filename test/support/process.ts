/** Our environment for a child process, without what the test runner says about colours: Node warns of contradictions. */
export function plainEnvironment(): NodeJS.ProcessEnv {
  const { NO_COLOR, FORCE_COLOR, ...rest } = process.env
  return rest
}
