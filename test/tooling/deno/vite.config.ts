import { fileURLToPath, pathToFileURL } from 'node:url'
import { defineConfig } from 'vite'

const root = fileURLToPath(new URL('../../..', import.meta.url))

export default defineConfig({
  root,
  publicDir: false,
  logLevel: 'warn',
  resolve: {
    conditions: ['@sampan/source'],
    alias: { vitest: fileURLToPath(new URL('./vitest-shim.ts', import.meta.url)) },
  },
  ssr: { noExternal: true, resolve: { conditions: ['@sampan/source'] } },
  build: {
    ssr: fileURLToPath(new URL('./main.ts', import.meta.url)),
    target: 'es2022',
    outDir: 'node_modules/.cache/sampan/deno-tests',
    emptyOutDir: true,
    minify: false,
    // A test file is all side effects, whatever its package says of the rest.
    rolldownOptions: {
      treeshake: false,
      output: { entryFileNames: '[name].mjs', chunkFileNames: '[name]-[hash].mjs' },
    },
  },
  plugins: [
    {
      name: 'keep-file-urls',
      // Tests find their data beside themselves, which a bundle is not.
      transform(code, id) {
        if (!id.startsWith(root) || id.includes('node_modules') || !code.includes('import.meta.url')) return null
        return { code: code.replaceAll('import.meta.url', JSON.stringify(pathToFileURL(id).href)), map: null }
      },
    },
  ],
})
