// What a bundled application gets: builds one that uses parallevm with esbuild and with Vite, each into one file, and runs
// that file where there is no node_modules: both engines, two threads, the result checked by plain @ethereumjs/vm.
import { spawnSync } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join, resolve } from 'node:path'
import { build } from 'esbuild'
import { build as viteBuild } from 'vite'

const APPLICATION = `
import { createBlock } from '@ethereumjs/block'
import { Common, Mainnet } from '@ethereumjs/common'
import { createVM } from '@ethereumjs/vm'
import { BlockExecutor, bundledCases, loadCase, witnessState } from 'parallevm'
import { runBlock } from 'parallevm/vm'

async function main() {
  const { preState, blockRlp, parentHeaders, blockHashes } = loadCase(process.argv[2])
  for (const engine of ['wasm', 'ethereumjs']) {
    const executor = await BlockExecutor.create({ engine, threads: 2, verify: 'ethereumjs', state: witnessState(preState) })
    const { stats, gasUsed } = await executor.execute(blockRlp, { parentHeaders, blockHashes, mode: 'parallel' })
    console.log(stats.engine, stats.threads, gasUsed)
    await executor.close()
  }
  const common = new Common({ chain: Mainnet, hardfork: 'shanghai' })
  const vm = await createVM({ common })
  const block = createBlock({ header: { number: 1, difficulty: 0 } }, { common: vm.common })
  const { parallevm } = await runBlock(vm, { block, generate: true, skipBlockValidation: true })
  console.log(parallevm.fallback ?? parallevm.engine)
  try {
    bundledCases()
  } catch (error) {
    console.log(error.code)
  }
}
main()
`
/** CommonJS packages below @ethereumjs ask for Node's own modules by `require`, which an ES module does not have. */
const REQUIRE = "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);"

const work = mkdtempSync(join(tmpdir(), 'parallevm-bundle-'))
const source = join(work, 'source')
const clean = join(work, 'clean')
mkdirSync(join(source, 'node_modules'), { recursive: true })
mkdirSync(clean)
symlinkSync(process.cwd(), join(source, 'node_modules', 'parallevm'), 'dir')
symlinkSync(join(process.cwd(), 'node_modules', '@ethereumjs'), join(source, 'node_modules', '@ethereumjs'), 'dir')
const entry = join(source, 'application.mjs')
writeFileSync(entry, APPLICATION)

try {
  const block = resolve(
    'fixtures/blocks',
    readdirSync('fixtures/blocks').find((name) => name.startsWith('mainnet-mix-small')),
  )
  const input = join(clean, basename(block))
  copyFileSync(block, input)
  for (const [name, make] of Object.entries(builds())) {
    const file = join(clean, name)
    await make(file)
    check(name, file, input)
    rmSync(file)
  }
  console.log('bundled applications run')
} catch (error) {
  console.error(`bundle test: ${error.message}`)
  process.exitCode = 1
} finally {
  rmSync(work, { recursive: true, force: true })
}

function builds() {
  const common = { entryPoints: [entry], bundle: true, platform: 'node', logLevel: 'error' }
  const silent = { 'empty-import-meta': 'silent' }
  return {
    'esbuild.cjs': (outfile) => build({ ...common, format: 'cjs', outfile, logOverride: silent }),
    'esbuild.mjs': (outfile) => build({ ...common, format: 'esm', outfile, banner: { js: REQUIRE } }),
    'esbuild-minified.mjs': (outfile) =>
      build({ ...common, format: 'esm', outfile, minify: true, banner: { js: REQUIRE } }),
    'vite.mjs': vite,
  }
}

async function vite(file) {
  const outDir = join(work, 'vite')
  await viteBuild({
    root: source,
    configFile: false,
    logLevel: 'error',
    ssr: { noExternal: true },
    build: {
      ssr: entry,
      outDir,
      emptyOutDir: true,
      rolldownOptions: { output: { codeSplitting: false, entryFileNames: 'application.mjs' } },
    },
  })
  const made = readdirSync(outDir)
  if (made.length !== 1) throw new Error(`Vite made ${made.join(', ')}, not one file`)
  copyFileSync(join(outDir, 'application.mjs'), file)
}

function check(name, file, input) {
  // By its own options Node tells what a text is that has no file.
  for (const options of [[], ['--input-type=module', '--enable-source-maps']]) {
    const args =
      options.length === 0 ? [file, input] : [...options, '-e', `await import('${file}')`, 'application', input]
    const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: clean, encoding: 'utf8' })
    const wanted = /^wasm 2 (\d+)n?\nethereumjs 2 \1n?\nparallevm\nFIXTURE_NOT_FOUND\n$/
    if (status !== 0 || !wanted.test(stdout))
      throw new Error(`${name} ${options.join(' ')}: ${status}\n${stdout}${stderr}`)
  }
  console.log(`${name}: both engines on two threads`)
}
