import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Page tests put the Workers that they have bundled here, so that each is bundled once a run. */
export default function setup() {
  const folder = mkdtempSync(join(tmpdir(), 'sampan-workers-'))
  process.env['SAMPAN_WORKER_CACHE'] = folder
  return () => rmSync(folder, { recursive: true, force: true })
}
