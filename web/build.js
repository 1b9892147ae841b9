// Builds src/ into dist/: app-HASH.css, app-HASH.js, licences.txt and
// manifest.json, which tells the program the hashed names. The same sources
// give the same names, so browsers may keep the files for ever.
import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import * as esbuild from 'esbuild'
import * as sass from 'sass'

const here = (path) => fileURLToPath(new URL(path, import.meta.url))

// Office computers stay behind: 87 is well before the last Chromium for
// Windows 7; safari14 alone makes esbuild refuse.
const target = ['chrome87', 'safari14.1', 'firefox90']

async function css() {
  const { css } = sass.compile(here('src/app.scss'), {
    loadPaths: [here('node_modules')],
    quietDeps: true,
    silenceDeprecations: ['import'], // Bootstrap 5.3 knows no other way to be taken in parts
  })
  const { code, warnings } = await esbuild.transform(css, { loader: 'css', minify: true, target, legalComments: 'inline' })
  if (warnings.length) throw new Error(warnings.map((w) => w.text).join('\n'))
  return code
}

async function js() {
  const { outputFiles } = await esbuild.build({
    entryPoints: [here('src/app.js')],
    bundle: true,
    format: 'iife',
    minify: true,
    target,
    charset: 'utf8',
    legalComments: 'inline',
    write: false,
  })
  return outputFiles[0].text
}

// licences holds the full texts: the comments in the files only name them.
function licences() {
  return ['bootstrap', 'htmx.org']
    .map((name) => `${name}\n\n${readFileSync(here(`node_modules/${name}/LICENSE`), 'utf8').trim()}\n`)
    .join('\n---\n\n')
}

function hashed(name, text) {
  const [stem, ending] = name.split('.')
  return `${stem}-${createHash('sha256').update(text).digest('hex').slice(0, 10)}.${ending}`
}

const built = { 'app.css': await css(), 'app.js': await js() }

mkdirSync(here('dist'), { recursive: true })
for (const old of readdirSync(here('dist'))) if (old !== '.gitkeep') rmSync(here(`dist/${old}`), { recursive: true })

const manifest = {}
for (const [name, text] of Object.entries(built)) {
  manifest[name] = hashed(name, text)
  writeFileSync(here(`dist/${manifest[name]}`), text)
}
writeFileSync(here('dist/licences.txt'), licences())
// Last, because it says that the rest is there.
writeFileSync(here('dist/manifest.json'), JSON.stringify(manifest, null, 2) + '\n')
console.log(Object.values(manifest).join('\n'))
