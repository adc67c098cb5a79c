import { maxIndent } from './limits.ts'

/** None so far. */
export const noSpace = 0
const oneSpace = 1
const lineBreak = 2
const space = 0x20
const tab = 0x09
const newline = 0x0a

/** White space between parts: nothing, one space, or a line break and up to `maxIndent` spaces or tabs. -1: no more. */
export function afterSpace(soFar: number, byte: number): number {
  if (soFar === noSpace) return byte === space ? oneSpace : byte === newline ? lineBreak : -1
  const indents = soFar >= lineBreak && soFar - lineBreak < maxIndent
  return indents && (byte === space || byte === tab) ? soFar + 1 : -1
}
