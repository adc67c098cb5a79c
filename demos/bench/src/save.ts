/** Gives the visitor a file. */
export function saveFile(name: string, type: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type }))
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  // Browsers read it after the click has returned.
  setTimeout(() => URL.revokeObjectURL(url), 60_000)
}

/** A name that sorts by machine and day. */
export function fileStem(gpu: string, browser: string, startedAt: string): string {
  const plain = (text: string) =>
    text
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-+|-+$/g, '')
      .slice(0, 40)
  return [plain(gpu) || 'no-gpu', plain(browser), startedAt.slice(0, 10)].filter((part) => part !== '').join('-')
}
