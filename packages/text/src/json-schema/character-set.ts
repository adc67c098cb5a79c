/** Inclusive range of code points. */
export type CodePointRange = readonly [low: number, high: number]

const lastCodePoint = 0x10ffff
const firstSurrogate = 0xd800
const lastSurrogate = 0xdfff
const oneByteEnd = 0x7f
const byteLengthEnds = [oneByteEnd, 0x7ff, 0xffff, lastCodePoint]

export const digits: readonly CodePointRange[] = [[0x30, 0x39]]
export const wordCharacters: readonly CodePointRange[] = [
  [0x30, 0x39],
  [0x41, 0x5a],
  [0x5f, 0x5f],
  [0x61, 0x7a],
]
/** White space and line ends of ECMA-262. */
export const whiteSpace: readonly CodePointRange[] = [
  [0x09, 0x0d],
  [0x20, 0x20],
  [0xa0, 0xa0],
  [0x1680, 0x1680],
  [0x2000, 0x200a],
  [0x2028, 0x2029],
  [0x202f, 0x202f],
  [0x205f, 0x205f],
  [0x3000, 0x3000],
  [0xfeff, 0xfeff],
]
export const lineEnds: readonly CodePointRange[] = [
  [0x0a, 0x0a],
  [0x0d, 0x0d],
  [0x2028, 0x2029],
]

/** Sorted, without overlaps. */
export function unite(ranges: readonly CodePointRange[]): readonly CodePointRange[] {
  const united: [number, number][] = []
  for (const [low, high] of [...ranges].sort((a, b) => a[0] - b[0])) {
    const last = united.at(-1)
    if (last !== undefined && low <= last[1] + 1) last[1] = Math.max(last[1], high)
    else united.push([low, high])
  }
  return united
}

export function complement(ranges: readonly CodePointRange[]): readonly CodePointRange[] {
  const rest: CodePointRange[] = []
  let from = 0
  for (const [low, high] of unite(ranges)) {
    if (low > from) rest.push([from, low - 1])
    from = high + 1
  }
  if (from <= lastCodePoint) rest.push([from, lastCodePoint])
  return rest
}

/** What a class like `\p{Letter}` holds, by asking the platform's own regular expressions. */
export function propertyCharacters(source: string): readonly CodePointRange[] {
  const runs = everyCharacter().matchAll(new RegExp(`${source}+`, 'gu'))
  return Array.from(runs, ([run]) => {
    const last = run.length > 1 ? (run.codePointAt(run.length - 2) ?? 0) : 0
    return [run.codePointAt(0) ?? 0, last > 0xffff ? last : run.charCodeAt(run.length - 1)] as const
  })
}

/** In order, but for surrogates. */
function everyCharacter(): string {
  const parts: string[] = []
  for (let from = 0; from <= lastCodePoint; from += 0x1000) {
    const codes = Array.from({ length: 0x1000 }, (_, index) => from + index)
    parts.push(String.fromCodePoint(...codes.filter((code) => code < firstSurrogate || code > lastSurrogate)))
  }
  return parts.join('')
}

/** UTF-8 sequences, each a list of inclusive byte ranges, that together are exactly the range without surrogates. */
export function utf8Sequences([low, high]: CodePointRange): (readonly (readonly [number, number])[])[] {
  if (low > high) return []
  if (low < firstSurrogate && high >= firstSurrogate) {
    return [...utf8Sequences([low, firstSurrogate - 1]), ...utf8Sequences([lastSurrogate + 1, high])]
  }
  if (low >= firstSurrogate && low <= lastSurrogate) return utf8Sequences([lastSurrogate + 1, high])
  for (const end of byteLengthEnds) {
    if (low <= end && high > end) return [...utf8Sequences([low, end]), ...utf8Sequences([end + 1, high])]
  }
  if (high <= oneByteEnd) return [[[low, high]]]
  // Below the first byte in which both ends differ, the bytes must run over their whole range.
  for (const shift of [18, 12, 6]) {
    const rest = (1 << shift) - 1
    if (high <= rest || low >> shift === high >> shift) continue
    if ((low & rest) !== 0) return [...utf8Sequences([low, low | rest]), ...utf8Sequences([(low | rest) + 1, high])]
    if ((high & rest) !== rest) {
      return [...utf8Sequences([low, (high & ~rest) - 1]), ...utf8Sequences([high & ~rest, high])]
    }
  }
  const first = encode(low)
  const last = encode(high)
  return [first.map((byte, index) => [byte, last[index] ?? byte] as const)]
}

function encode(code: number): number[] {
  return [...new TextEncoder().encode(String.fromCodePoint(code))]
}
