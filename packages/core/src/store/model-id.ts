import { Sha256Hash } from '../download/sha256-hash.ts'
import type { RemoteFile } from '../hub/remote-model.ts'
import { markedUrl } from '../hub/source-key.ts'
import type { StoredForm } from './store-types.ts'
import { withoutQuery } from './store-url.ts'

/** Names the rules below. */
const SCHEME = 'sampan-store-1'
/** 160 bits: no two models meet by accident, and the name of a file stays short. */
const ID_DIGITS = 40

/** What of a file tells its content: a digest, or what stands in for one. */
export type IdentifiedFile = Pick<RemoteFile, 'path' | 'url' | 'size' | 'sha256' | 'gitSha1' | 'etag'>

/**
 * Names a model in one form by the content of its files, in their order: the same files from another hub or mirror make the same name.
 * Of a file without a digest its address counts, and its ETag, or its size, which must be known then. 40 hexadecimal digits, which are a name of a
 * file everywhere.
 */
export async function modelId(files: readonly IdentifiedFile[], form: StoredForm): Promise<string> {
  const text = JSON.stringify([SCHEME, describeForm(form), files.map(describeFile)])
  // Not the browser's own: pages that are not secure have none.
  return new Sha256Hash().update(new TextEncoder().encode(text)).digest().slice(0, ID_DIGITS)
}

/** The names that files may have given a model: some of their digests may have become known only when they were downloaded. */
export function possibleIds(files: readonly IdentifiedFile[], form: StoredForm): Promise<string[]> {
  const listed = files.map(({ sha256, ...file }) => file)
  const unlisted = listed.map(({ gitSha1, ...file }) => file)
  return Promise.all([files, listed, unlisted].map((known) => modelId(known, form)))
}

export function isModelId(value: string): boolean {
  return value.length === ID_DIGITS && /^[0-9a-f]+$/.test(value)
}

/** The same text for the same form only. */
export function describeForm(form: StoredForm): string {
  if (form.kind === 'source') return 'source'
  const { version, bits = 'own', embeddingBits = 'own' } = form
  return `planes ${version} ${bits} ${embeddingBits}`
}

export function isSameForm(a: StoredForm, b: StoredForm): boolean {
  return describeForm(a) === describeForm(b)
}

function describeFile({ path, url, size, sha256, gitSha1, etag }: IdentifiedFile): readonly (string | number | null)[] {
  // A GGUF file says what it is; other files are told apart by their names.
  const name = path.slice(path.lastIndexOf('/') + 1)
  const role = /\.gguf$/i.test(name) ? '' : name
  const digest = sha256 ?? gitSha1
  if (digest !== undefined) return [role, digest]
  // An ETag says more than a query, which may be a signature that changes.
  if (etag?.startsWith('"')) return [role, withoutQuery(url), etag]
  return etag === undefined ? [role, markedUrl(url), size ?? null] : [role, markedUrl(url), size ?? null, etag]
}
