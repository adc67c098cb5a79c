import { downloadModel } from '../acquire/download-model.ts'
import { importFile } from '../acquire/import-file.ts'
import { makeCache } from './cache.ts'
import type { ModelCache } from './cache-types.ts'

/** Models that this browser keeps for this site, whichever tab brought them. */
export const cache: ModelCache & { readonly download: typeof downloadModel } = {
  ...makeCache({ import: importFile }),
  download: downloadModel,
}
