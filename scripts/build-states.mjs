// Writes the table of state sources into docs/library.md, from the comments of src/sources and src/store. A test holds the page to it.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const PROJECT = fileURLToPath(new URL('../', import.meta.url))
const PAGE = `${PROJECT}docs/library.md`
const BEGIN = '<!-- Written by scripts/build-states.mjs: npm run docs:states. -->\n\n'
const END = '\n<!-- So far. -->'
const MAKER = /^\/\*\*\n((?: \*.*\n)+?) \*\/\nexport (?:async )?function (\w+State)\(([\s\S]*?)\): /gm

/** Name, parameters and the first sentence of the comment of each. */
function makers() {
  const files = ['src/sources', 'src/store'].flatMap((folder) =>
    readdirSync(PROJECT + folder)
      .filter((file) => file.endsWith('.ts'))
      .sort()
      .map((file) => `${folder}/${file}`),
  )
  const texts = files.map((file) => readFileSync(PROJECT + file, 'utf8'))
  return texts.flatMap((text) =>
    [...text.matchAll(MAKER)].map(([, comment, name, parameters]) => ({
      name,
      parameters: [...parameters.matchAll(/(?:^|, )(\w+)\??:/g)].map(([, parameter]) => parameter).join(', '),
      about: comment
        .replaceAll(/^ \* ?/gm, '')
        .replaceAll('\n', ' ')
        .split(/\.(?: |$)/)[0],
    })),
  )
}

/** The page with the table as it is to be. */
export function page(text = readFileSync(PAGE, 'utf8')) {
  const [before, rest = ''] = text.split(BEGIN)
  const rows = makers().map(({ name, parameters, about }) => `| \`${name}(${parameters})\` | ${about} |\n`)
  return `${before}${BEGIN}| factory | what it gives |\n|---|---|\n${rows.join('')}${END}${rest.split(END)[1]}`
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(PAGE, page())
