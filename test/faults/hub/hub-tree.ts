import { createHash } from 'node:crypto'
import type { Commit, CommittedFile } from './repository.ts'

const pageEntries = 1000

/** What the hub lists of one commit, directories first as it comes upon them. */
export function treeEntries(commit: Commit, folder: string, recursive: boolean, expand: boolean): object[] {
  const entries = new Map<string, object>()
  const prefix = folder === '' ? '' : `${folder}/`
  for (const file of [...commit.files.values()].sort((a, b) => (a.path < b.path ? -1 : 1))) {
    if (!file.path.startsWith(prefix)) continue
    const parts = file.path.slice(prefix.length).split('/')
    for (let depth = 1; depth < parts.length && (recursive || depth === 1); depth++) {
      const path = prefix + parts.slice(0, depth).join('/')
      const oid = createHash('sha1').update(`tree ${commit.id} ${path}`).digest('hex')
      entries.set(path, { type: 'directory', oid, size: 0, path, ...(expand && lastCommit(commit)) })
    }
    if (recursive || parts.length === 1)
      entries.set(file.path, { ...fileEntry(file), ...(expand && lastCommit(commit)) })
  }
  return [...entries.values()]
}

/** @returns one page, and the cursor of the next */
export function pageOf(
  entries: readonly object[],
  cursor: string | null,
  limit: number = pageEntries,
): { readonly page: readonly object[]; readonly next: string | undefined } {
  const start = cursor === null ? 0 : Number(Buffer.from(cursor, 'base64url').toString().split(':')[1] ?? 0)
  const end = start + Math.max(1, Math.min(limit, pageEntries))
  return {
    page: entries.slice(start, end),
    next: end < entries.length ? Buffer.from(`at:${end}`).toString('base64url') : undefined,
  }
}

/** Of a large file, `oid` is the git blob of what stands for it; `lfs.oid` is the SHA-256 of the file. */
function fileEntry({ path, content, large }: CommittedFile): object {
  const { size } = content
  if (!large) return { type: 'file', oid: content.blobId, size, path }
  const { pointer, sha256, xetHash } = content
  const lfs = { oid: sha256, size, pointerSize: pointer.size }
  return { type: 'file', oid: pointer.blobId, size, path, lfs, xetHash }
}

function lastCommit({ id }: Commit): object {
  return { lastCommit: { id, title: 'Upload', date: '2026-01-01T00:00:00.000Z' } }
}

/** As the model's page has it: names, and sizes and digests only where they are asked for. */
export function siblings(commit: Commit, blobs: boolean): object[] {
  return [...commit.files.values()].map(({ path, content, large }) => ({
    rfilename: path,
    ...(blobs && { size: content.size, blobId: large ? content.pointer.blobId : content.blobId }),
    ...(blobs && large && { lfs: { sha256: content.sha256, size: content.size, pointerSize: content.pointer.size } }),
  }))
}
