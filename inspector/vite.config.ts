// The inspector's page as one file: it opens without a server, and runs nothing but the script whose hash it names.
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { defineConfig, type Plugin } from 'vite'

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))

/** What each error code means and what to do about it, from the documentation. */
function errorDocs(): Plugin {
  const name = 'virtual:error-docs'
  return {
    name: 'error-docs',
    resolveId: (id) => (id === name ? `\0${name}` : undefined),
    load(id) {
      if (id !== `\0${name}`) return undefined
      const sections = readFileSync(here('../docs/error-codes.md'), 'utf8').split(/^### /m).slice(1)
      const known = sections.map((section) => {
        const [code = '', ...lines] = section.split(/^## /m)[0]!.trim().split('\n')
        return [code, lines.join('\n').trim()]
      })
      const shown = known.filter(([code]) => /^(VARIANT|COMPRESSION|CHANNEL_BAD_FRAME|CLI|INSPECT)/.test(code!))
      return `export default ${JSON.stringify(Object.fromEntries(shown))}`
    },
  }
}

/** Codecs that are WebAssembly: the page's policy lets none run, and the room says what is missing. */
function withoutWasm(): Plugin {
  const packages = ['@hpcc-js/wasm-zstd', 'brotli-dec-wasm/web']
  return {
    name: 'without-wasm',
    enforce: 'pre',
    resolveId: (id) => (packages.includes(id) ? `\0missing:${id}` : undefined),
    load: (id) =>
      id.startsWith('\0missing:')
        ? `throw new Error('the page has no ${id.slice(9)}')\nexport default undefined\nexport const Zstd = undefined, BrotliDecStream = undefined`
        : undefined,
  }
}

function hashOf(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`
}

/** Scripts and styles within the page, and a policy that names them. */
function oneFile(): Plugin {
  return {
    name: 'one-file',
    enforce: 'post',
    generateBundle(_, bundle) {
      const files = Object.values(bundle)
      const page = files.find((file) => file.fileName.endsWith('.html'))
      const script = files.flatMap((file) => (file.type === 'chunk' ? [file.code] : []))
      const styles = files.flatMap((file) =>
        file.fileName.endsWith('.css') && file.type === 'asset' ? [file.source] : [],
      )
      if (page?.type !== 'asset' || script.length !== 1) throw new Error('the page is to be one file')
      // What would end the element around it, should a text contain it.
      const code = script[0]!.trim().replaceAll('</script', '<\\/script')
      const style = styles.join('\n').trim()
      const policy = [
        "default-src 'none'",
        `script-src ${hashOf(code)}`,
        `style-src ${hashOf(style)}`,
        'img-src data:',
        'connect-src ws://127.0.0.1:* ws://localhost:*',
        "base-uri 'none'",
        "form-action 'none'",
      ].join('; ')
      const html = String(page.source)
        .replace(/<script[^>]*src=[^>]*><\/script>\s*/g, '')
        .replace(/<link[^>]*rel="(?:stylesheet|modulepreload)"[^>]*>\s*/g, '')
        .replace(
          '<meta charset="utf-8" />',
          () => `<meta charset="utf-8" />\n    <meta http-equiv="Content-Security-Policy" content="${policy}" />`,
        )
        .replace('</head>', () => `<style>${style}</style>\n  </head>`)
        .replace('</body>', () => `<script type="module">${code}</script>\n  </body>`)
      for (const { fileName } of files) if (fileName !== page.fileName) delete bundle[fileName]
      page.fileName = 'inspector.html'
      page.source = html
    },
  }
}

export default defineConfig({
  root: here('.'),
  base: './',
  publicDir: false,
  logLevel: 'warn',
  plugins: [errorDocs(), withoutWasm(), oneFile()],
  build: {
    outDir: here('../dist'),
    // What the library's build has put there stays.
    emptyOutDir: false,
    target: 'es2022',
    assetsInlineLimit: 0,
    modulePreload: false,
    reportCompressedSize: false,
    rolldownOptions: { output: { codeSplitting: false } },
  },
})
