import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { type Load, outcomesScript } from './app-script.ts'
import type { Consumer } from './consumer.ts'

const run = promisify(execFile)

/** What the app installs from the registry: 375 MB, so that no lockfile of ours has it. */
export const nextPackages = ['next@16.4.6', 'react@19.3.1', 'react-dom@19.3.1']

/** An app with one page, whose client component makes these loads and shows what came of them. */
export function writeNextApp(app: Consumer, loads: readonly Load[]): void {
  app.write('next.config.mjs', "export default { output: 'export', distDir: process.env.OUTPUT }")
  app.write('app/layout.jsx', 'export default ({ children }) => <html lang="en">{children}</html>')
  app.write('app/page.jsx', "import { Chat } from './chat'\nexport default () => <Chat />")
  app.write('app/outcomes.js', outcomesScript(loads))
  app.write(
    'app/chat.jsx',
    `'use client'
    import { useEffect, useState } from 'react'
    import { outcomes } from './outcomes.js'
    export function Chat() {
      const [all, setAll] = useState()
      useEffect(() => void outcomes().then((lines) => setAll(JSON.stringify(lines))), [])
      return <body data-outcomes={all}></body>
    }`,
  )
}

/** Builds the app into a folder of static files. */
export async function buildWithNext(app: Consumer, bundler: 'turbopack' | 'webpack', output: string): Promise<void> {
  const next = app.path('node_modules/next/dist/bin/next')
  await run(process.execPath, [next, 'build', `--${bundler}`], {
    cwd: app.folder,
    env: { ...process.env, NEXT_TELEMETRY_DISABLED: '1', NODE_ENV: 'production', OUTPUT: output },
  })
}
