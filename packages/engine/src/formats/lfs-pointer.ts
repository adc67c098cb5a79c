/** How the text begins that Git LFS commits in place of a large file: all that is there where a repository was copied without LFS. */
const beginning = 'version https:'

/** @param known how many characters of the file `text` is at least */
export function isLfsPointer(text: string, known = beginning.length): boolean {
  return text.startsWith(beginning.slice(0, known))
}

/** What is wrong with such a file, and what to do about it. */
export function lfsPointerMessage(name: string): string {
  return `${name} is not the file itself but the pointer that Git LFS keeps in its place: run "git lfs pull" in the copy that it is from, or take another copy of the model.`
}
