import { cpSync } from 'node:fs'
import webpack from 'webpack'
import type { Consumer } from './consumer.ts'

/** Builds an entry for production as an app without a configuration does; `minimize` takes most of the time. */
export async function buildWithWebpack(app: Consumer, entry: string, output: string, minimize: boolean): Promise<void> {
  const compiler = webpack({
    mode: 'production',
    context: app.folder,
    entry: `./${entry}`,
    output: { path: app.path(output) },
    optimization: { minimize },
    performance: false,
  })
  await new Promise<void>((resolve, reject) => {
    compiler.run((error, stats) => {
      const failure =
        error ?? (stats?.hasErrors() ? new Error(stats.toString({ all: false, errors: true })) : undefined)
      compiler.close((unclosed) => (failure || unclosed ? reject(failure ?? unclosed) : resolve()))
    })
  })
  cpSync(app.path('public'), app.path(output), { recursive: true })
}
