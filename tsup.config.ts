import { readFileSync } from 'node:fs'
import { defineConfig } from 'tsup'

const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string }

export default defineConfig({
  entry: {
    index: 'src/index.ts',
    variant: 'src/variant/index.ts',
    compile: 'src/variant/compile/index.ts',
    compiled: 'src/variant/compiled/index.ts',
    compression: 'src/compression/index.ts',
    channel: 'src/channel/index.ts',
    p2p: 'src/p2p/index.ts',
    transport: 'src/transport/index.ts',
    'transport/websocket': 'src/transport/websocket/index.ts',
    'transport/relay': 'src/transport/relay/index.ts',
    'transport/udp': 'src/transport/udp/index.ts',
    'transport/webrtc': 'src/transport/webrtc/index.ts',
    relay: 'src/relay/node/index.ts',
    inspect: 'src/inspect/node/index.ts',
    steam: 'src/steam/node/index.ts',
    cli: 'src/cli/node/main.ts',
  },
  format: ['esm', 'cjs'],
  target: 'es2022',
  platform: 'neutral',
  // What `godot-wire --version` prints.
  define: { GODOT_WIRE_VERSION: JSON.stringify(version) },
  external: ['ws', 'jose', 'prom-client', 'nats', 'node-datachannel', 'node-datachannel/polyfill', 'koffi'],
  // With Node's names for the doors that only Node opens; that the others do without them is checked by tsconfig.json.
  tsconfig: 'tsconfig.tools.json',
  dts: { compilerOptions: { ignoreDeprecations: '6.0' } },
  // One copy of every class per module system, whichever doors a program opens.
  splitting: true,
  treeshake: true,
  sourcemap: true,
  clean: true,
})
