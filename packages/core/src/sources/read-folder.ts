import { SampanError } from '../errors.ts'
import { checkFileCount, type PlacedFile } from './folder-files.ts'

/** Folders below a folder that are looked into. */
const MAX_DEPTH = 8

/** All files of a folder, those of the folders below it included, but for hidden ones (`.git`, `.cache`). */
export async function filesOfHandle(folder: FileSystemDirectoryHandle): Promise<readonly PlacedFile[]> {
  const files: PlacedFile[] = []
  const walk = async (folder: FileSystemDirectoryHandle, path: string, depth: number): Promise<void> => {
    for await (const entry of folder.values()) {
      if (entry.name.startsWith('.')) continue
      if (entry.kind === 'file') add(files, await entry.getFile(), path)
      else if (entry.kind === 'directory' && isShallow(depth)) await walk(entry, `${path}${entry.name}/`, depth + 1)
    }
  }
  await walk(folder, '', 0)
  return files
}

/** The same of what `DataTransferItem.webkitGetAsEntry()` gives where there are no handles. */
export async function filesOfEntry(entry: FileSystemEntry): Promise<readonly PlacedFile[]> {
  const files: PlacedFile[] = []
  const walk = async (entry: FileSystemEntry, path: string, depth: number): Promise<void> => {
    if (isFileEntry(entry)) return add(files, await fileOf(entry), path)
    if (!isFolderEntry(entry) || !isShallow(depth)) return
    for (const inner of await entriesOf(entry))
      if (!inner.name.startsWith('.')) await walk(inner, depth === 0 ? '' : `${path}${entry.name}/`, depth + 1)
  }
  await walk(entry, '', 0)
  return files
}

function add(files: PlacedFile[], file: File, path: string): void {
  files.push({ file, path: path + file.name })
  checkFileCount(files.length)
}

function isShallow(depth: number): boolean {
  if (depth < MAX_DEPTH) return true
  throw new SampanError(
    'source-invalid',
    `There are folders in folders, more than ${MAX_DEPTH} deep: choose the model's own folder.`,
  )
}

function fileOf(entry: FileSystemFileEntry): Promise<File> {
  return new Promise((resolve, reject) => entry.file(resolve, reject))
}

async function entriesOf(folder: FileSystemDirectoryEntry): Promise<readonly FileSystemEntry[]> {
  const reader = folder.createReader()
  const all: FileSystemEntry[] = []
  for (;;) {
    // Chromium gives a hundred at a time.
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject))
    if (some.length === 0) return all
    all.push(...some)
    checkFileCount(all.length)
  }
}

function isFileEntry(entry: FileSystemEntry): entry is FileSystemFileEntry {
  return entry.isFile && 'file' in entry
}

function isFolderEntry(entry: FileSystemEntry): entry is FileSystemDirectoryEntry {
  return entry.isDirectory && 'createReader' in entry
}
