import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Absolute path of the repository. */
export const root = fileURLToPath(new URL('../../../', import.meta.url))

/** Stamps and logs; inside node_modules so that removing that folder forgets everything. */
export const cacheFolder = join(root, 'node_modules', '.cache', 'sampan')
