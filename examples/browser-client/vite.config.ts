import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vite'

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))

export default defineConfig({
  root: here('.'),
  base: './',
  build: { target: 'es2022', reportCompressedSize: false },
  // The package's source of this checkout. A project of its own installs godot-wire and needs none of this.
  resolve: {
    alias: [
      { find: /^godot-wire$/, replacement: here('../../src/index.ts') },
      { find: /^godot-wire\/(.+)$/, replacement: here('../../src/$1/index.ts') },
    ],
  },
})
