import { downloadModel } from '../acquire/download-model.ts'
import { importFile } from '../acquire/import-file.ts'
import { makeCache } from './cache.ts'
import type { ModelCache } from './cache-types.ts'
import { findModel } from './find-model.ts'

/** Models that this browser keeps for this site, whichever tab brought them. */
export const cache: ModelCache & { readonly download: typeof downloadModel; readonly find: typeof findModel } = {
  ...makeCache({ import: importFile }),
  download: downloadModel,
  find: findModel,
}
