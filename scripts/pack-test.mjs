// What a user gets: packs the package, installs the tarball in an empty folder, and uses it there with nothing of this
// checkout in reach: type-checks a consumer, runs it, runs the command.
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { isBuiltin } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readmeExamples } from './readme-examples.mjs'

/** The other entry; that its process ends without `close` is part of it. */
const VM_EXAMPLE = `
import { createBlock } from '@ethereumjs/block'
import { Common, Mainnet } from '@ethereumjs/common'
import { createVM } from '@ethereumjs/vm'
import { type RunBlockResult, runBlock } from 'parallevm/vm'

const common = new Common({ chain: Mainnet, hardfork: 'shanghai' })
const vm = await createVM({ common })
const block = createBlock({ header: { number: 1, difficulty: 0 } }, { common: vm.common })
const result: RunBlockResult = await runBlock(vm, { block, generate: true, skipBlockValidation: true })
console.log(result.parallevm.engine === 'ethereumjs' ? result.parallevm.fallback : result.parallevm.engine)
`

const manifest = JSON.parse(readFileSync('package.json', 'utf8'))
const work = mkdtempSync(join(tmpdir(), 'parallevm-pack-'))
const consumer = join(work, 'consumer')
mkdirSync(consumer)

try {
  const tarball = pack()
  install(tarball)
  checkImports(join(consumer, 'node_modules', manifest.name, 'dist'))
  useApi()
  useCommand()
  console.log('the packed tarball installs, type-checks and runs')
} catch (error) {
  console.error(`pack test: ${error.message}`)
  process.exitCode = 1
} finally {
  rmSync(work, { recursive: true, force: true })
}

function pack() {
  // npm pack runs prepack, that is the build, as it does for a release. The build's own output precedes the JSON.
  const output = run('npm', ['pack', '--json', '--pack-destination', work])
  const [{ filename, files, size }] = JSON.parse(output.slice(output.search(/^\[\s*$/m)))
  const paths = files.map((file) => file.path)
  const code = ['index.js', 'cli/main.js', 'vm/index.js', 'workers/entry.js'].map((file) => `dist/lib/${file}`)
  const types = ['index.d.ts', 'vm/index.d.ts'].map((file) => `dist/src/${file}`)
  for (const needed of [...code, ...types, 'README.md', 'LICENSE']) {
    if (!paths.includes(needed)) throw new Error(`the tarball lacks ${needed}`)
  }
  if (!paths.some((path) => path.startsWith('fixtures/blocks/'))) throw new Error('the tarball lacks fixtures/blocks')
  const surplus = paths.filter((path) => /^(src|test|bench|assembly|dist\/(test|bench))\/|\.map$/.test(path))
  if (surplus.length > 0) throw new Error(`the tarball has ${surplus.join(', ')}`)
  console.log(`packed ${paths.length} files, ${size} bytes`)
  return join(work, filename)
}

function install(tarball) {
  const { typescript } = manifest.devDependencies
  writeFileSync(join(consumer, 'package.json'), JSON.stringify({ name: 'consumer', private: true, type: 'module' }))
  // Nothing else: the declarations that ours need come with the package.
  run('npm', ['install', '--no-audit', '--no-fund', tarball, `typescript@${typescript}`], consumer)
}

/** Every package that the code imports is a dependency by name: one that merely happens to be there may go any day. */
function checkImports(folder) {
  const declared = new Set(Object.keys(manifest.dependencies))
  for (const file of readdirSync(folder, { recursive: true })) {
    if (!/\.(js|d\.ts)$/.test(file)) continue
    const code = readFileSync(join(folder, file), 'utf8')
    for (const [, specifier] of code.matchAll(
      /^(?:import|export)[^'"]*?from ["']([^'"./][^'"]*)["']|\bimport\(["']([^'"./][^'"]*)["']\)/gm,
    )) {
      if (specifier === undefined || isBuiltin(specifier)) continue
      const name = specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/')
      if (!declared.has(name)) throw new Error(`${file} imports ${name}, which is not in "dependencies"`)
    }
  }
}

function useApi() {
  const examples = readmeExamples(readFileSync('README.md', 'utf8'))
  for (const [index, code] of examples.entries()) writeFileSync(join(consumer, `example${index}.ts`), code)
  writeFileSync(join(consumer, 'vm.ts'), VM_EXAMPLE)
  const files = [...examples.map((_, index) => `example${index}.ts`), 'vm.ts']
  const strict = ['--strict', '--skipLibCheck', 'false', '--target', 'es2022']
  for (const resolution of [
    ['--module', 'esnext', '--moduleResolution', 'bundler', '--noEmit'],
    ['--module', 'nodenext'],
  ]) {
    run('npx', ['tsc', ...strict, ...resolution, ...files], consumer)
  }
  for (const index of examples.keys()) console.log(run(process.execPath, [`example${index}.js`], consumer).trimEnd())
  const engine = run(process.execPath, ['vm.js'], consumer).trim()
  if (engine !== 'parallevm') throw new Error(`the VM's block was run by ${engine}`)
}

function useCommand() {
  const version = run('npx', ['parallevm', '--version'], consumer).trim()
  if (version !== manifest.version) throw new Error(`parallevm --version says ${version}, not ${manifest.version}`)
  // Each of them loads files of its own.
  const list = run('npx', ['parallevm', '--help'], consumer).split('Commands:')[1] ?? ''
  const commands = [...list.split('\n\n')[0].matchAll(/^ {2}(\w+) /gm)].map(([, name]) => name)
  if (commands.length < 10) throw new Error(`parallevm --help names only ${commands}`)
  for (const name of commands.filter((name) => name !== 'help')) run('npx', ['parallevm', 'help', name], consumer)
  console.log(run('npx', ['parallevm', 'verify'], consumer).trimEnd())
  const { blocks } = JSON.parse(run('npx', ['parallevm', 'bench', '--runs', '1', '--warmup', '0', '--json'], consumer))
  if (!(blocks.length > 0)) throw new Error('parallevm bench measured no block')
  console.log(`bench measured ${blocks.length} bundled blocks`)
  // What has threads besides those of the executor.
  run('npx', ['parallevm', 'statetest', join(process.cwd(), 'test/data/state')], consumer)
  run('npx', ['parallevm', 'fuzz', '--target', 'mutations', '--count', '20'], consumer)
  run('npx', ['parallevm', 'bench', '--suite', 'defi', '--soak', '1'], consumer)
  console.log(`${commands.length} commands load, and their threads run`)
}

function run(command, args, cwd = process.cwd()) {
  const { status, stdout, stderr, error } = spawnSync(command, args, { cwd, encoding: 'utf8', maxBuffer: 1 << 28 })
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} failed:\n${error ?? ''}${stdout}${stderr}`)
  return stdout
}
