// Bundles the extension, and its tests for the extension host, for VS Code's Node.
import { build } from 'esbuild';

const options = { bundle: true, platform: 'node', target: 'node18', format: 'cjs', external: ['vscode'], logLevel: 'warning' };
await Promise.all([
  build({ ...options, entryPoints: ['src/extension.ts'], outfile: 'dist/extension.js', minify: true, sourcemap: false }),
  // Without vscode inside, for the unit tests.
  build({ ...options, entryPoints: ['src/program.ts', 'src/links.ts'], outdir: 'dist/unit' }),
  build({ ...options, entryPoints: ['test/host/index.ts'], outfile: 'dist/host/index.js' }),
]);
