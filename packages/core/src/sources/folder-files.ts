import { SampanError } from '../errors.ts'

/** Files of a folder that may be looked at; a checkpoint has a few hundred at most. */
const MAX_FOLDER_FILES = 10_000
/** Names in an error's message. */
const SHOWN_FOLDERS = 5

/** A file, and where it lies in all that was chosen. */
export interface PlacedFile {
  readonly file: File
  /** With slashes: `model/config.json`. */
  readonly path: string
}

/** The files of one model's folder. */
export interface FolderFiles {
  readonly name: string
  /** By path within the folder. */
  readonly files: ReadonlyMap<string, File>
}

/** The path of a file of a folder that was chosen by `<input webkitdirectory>`. */
export function filePath(file: File): string {
  // Node's has none.
  return file.webkitRelativePath || file.name
}

/** @throws SampanError `source-invalid` */
export function checkFileCount(count: number): void {
  if (count > MAX_FOLDER_FILES)
    throw new SampanError('source-invalid', `The folder has more than ${MAX_FOLDER_FILES} files: choose a model's own.`)
}

/**
 * The model's own folder among files that may lie in several: the one with `config.json`, and all below it.
 * @param name of all that was chosen
 * @throws SampanError `source-ambiguous` when several folders hold a model
 */
export function folderOf(placed: readonly PlacedFile[], name?: string): FolderFiles {
  const folders = placed.filter(({ file }) => file.name === 'config.json').map(({ path }) => parentOf(path))
  // Below a model's folder there may be others, of checkpoints or other formats.
  const roots = folders.filter((folder) => !folders.some((other) => other !== folder && folder.startsWith(other)))
  if (roots.length > 1)
    throw new SampanError(
      'source-ambiguous',
      `There are several models here (${roots.slice(0, SHOWN_FOLDERS).join(', ')}): choose the folder of one of them.`,
      { folders: roots },
    )
  const root = roots[0] ?? ''
  const files = new Map<string, File>()
  for (const { file, path } of placed) if (path.startsWith(root)) files.set(path.slice(root.length), file)
  return { name: root.split('/').at(-2) || name || 'the chosen folder', files }
}

function parentOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/') + 1)
}
