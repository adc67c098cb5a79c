import { markedUrl } from '../hub/source-key.ts'
import { withoutQuery } from '../store/store-url.ts'
import type { CachedModel } from './cache-types.ts'

/** A hub's key: `https://hub/org/name@revision:file`. */
const HUB_KEY = /^https?:\/\/[^@]*\/([^/@]+\/[^/@]+)@([^:]+)(?::(.*))?$/s

/** Whether a model is meant by its id, its name, or a source as `load` takes it; of a repository without more, any revision and file. */
export function isNamed({ id, name, keys }: CachedModel, idOrSource: string): boolean {
  if (id === idOrSource || name === idOrSource) return true
  const sources = [idOrSource, withoutQuery(idOrSource), ...(URL.canParse(idOrSource) ? [markedUrl(idOrSource)] : [])]
  return keys.some((key) => sources.includes(key) || hubNames(key).includes(idOrSource))
}

function hubNames(key: string): string[] {
  const [, repository, revision, file] = HUB_KEY.exec(key) ?? []
  if (repository === undefined) return []
  const names = [repository, `${repository}@${revision}`]
  return file === undefined ? names : [...names, `${repository}:${file}`, `${repository}@${revision}:${file}`]
}
