/** `name-00001-of-00003.gguf`, as llama.cpp's `llama-gguf-split` names the parts of a file. */
const PART = /^(.*)-(\d{5})-of-(\d{5})(\.gguf)$/i

/** Most parts of one model: a few dozen are published. */
export const MAX_PARTS = 512

export interface GgufPart {
  /** Without the part's number: what all parts have in common. */
  readonly stem: string
  /** From 1. */
  readonly number: number
  readonly count: number
}

/** Undefined for a file in one piece, and for numbers that are none. */
export function ggufPart(path: string): GgufPart | undefined {
  const [, stem, number, count] = PART.exec(path) ?? []
  const part = { stem: stem ?? '', number: Number(number), count: Number(count) }
  return stem !== undefined && part.number >= 1 && part.number <= part.count && part.count <= MAX_PARTS
    ? part
    : undefined
}

/** All parts' paths, in order, from the path of any. */
export function partPaths(path: string): readonly string[] {
  const part = ggufPart(path)
  if (!part) return [path]
  const ending = path.slice(-'.gguf'.length)
  const count = String(part.count).padStart(5, '0')
  return Array.from({ length: part.count }, (_, index) => {
    return `${part.stem}-${String(index + 1).padStart(5, '0')}-of-${count}${ending}`
  })
}

/** All parts of a split file, each with the query of the one that was named. */
export function partUrls(url: string): readonly string[] {
  const { pathname } = new URL(url)
  return partPaths(pathname).map((path) => {
    const part = new URL(url)
    part.pathname = path
    return part.href
  })
}
