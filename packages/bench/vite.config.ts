import { fileURLToPath } from 'node:url'
import { build, defineConfig, type Plugin } from 'vite'
import { libraryDeclarations } from '../../test/tooling/setup/library-declarations.ts'
import { commandBuild, pageBuild } from './build-page.ts'

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url))

/** What `npm run bench` runs: the page, and Node's side. */
function commandLine(): Plugin {
  return {
    name: 'command-line',
    async writeBundle({ dir = here('dist') }) {
      await build(pageBuild(`${dir}/page`))
      await build(commandBuild(`${dir}/command`))
    },
  }
}

export default defineConfig({
  resolve: { conditions: ['@sampan/source'] },
  plugins: [libraryDeclarations(here('.')), commandLine()],
  build: {
    target: 'es2022',
    lib: { formats: ['es'], entry: { index: here('src/index.ts') } },
    rolldownOptions: { external: [/^zod/, /^eventsource-parser/] },
  },
})
