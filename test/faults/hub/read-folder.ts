import { readdirSync, readFileSync } from 'node:fs'

/** The files of a folder on the disk, by name, to be put into a repository. @param folder ends with a slash */
export function readFolder(folder: URL): Record<string, Buffer> {
  const names = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isFile())
  return Object.fromEntries(names.map(({ name }) => [name, readFileSync(new URL(name, folder))]))
}
