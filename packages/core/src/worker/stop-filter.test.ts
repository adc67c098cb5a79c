import { describe, expect, it } from 'vitest'
import { StopFilter } from './stop-filter.ts'

function run(stops: readonly string[], pieces: readonly string[]): { text: string; stopped: boolean; parts: string[] } {
  const filter = new StopFilter(stops)
  const parts = pieces.map((piece) => filter.push(piece))
  return { text: parts.join('') + filter.finish(), stopped: filter.stopped, parts }
}

describe('StopFilter', () => {
  it('passes everything at once without stop strings', () => {
    expect(run([], ['a', 'b'])).toEqual({ text: 'ab', stopped: false, parts: ['a', 'b'] })
  })

  it('cuts before a stop string inside one piece, and drops what follows', () => {
    expect(run(['END'], ['one END two', 'three'])).toMatchObject({ text: 'one ', stopped: true })
  })

  it('never lets the beginning of a stop string out', () => {
    expect(run(['STOP'], ['say S', 'T', 'O', 'P now'])).toMatchObject({ parts: ['say ', '', '', ''], stopped: true })
  })

  it('gives back what only looked like one', () => {
    expect(run(['STOP'], ['S', 'T', 'OLE'])).toMatchObject({ text: 'STOLE', stopped: false })
    expect(run(['STOP'], ['ends with STO'])).toMatchObject({ text: 'ends with STO', stopped: false })
  })

  it('finds a stop string that begins within a false start', () => {
    expect(run(['aab'], ['a', 'a', 'a', 'b'])).toMatchObject({ text: 'a', stopped: true })
  })

  it('stops at the one that is complete first, the longer of two that end together', () => {
    expect(run(['abcd', 'bc'], ['xabcd'])).toMatchObject({ text: 'xa', stopped: true })
    expect(run(['bc', 'abc'], ['xabc'])).toMatchObject({ text: 'x', stopped: true })
  })

  it('never cuts a character in two, whatever the stop string', () => {
    for (const half of ['\uD83D', '\uDEA3', 'a\uD83D', '\uDEA3b'])
      expect(run([half], ['a', '🚣', 'b'])).toMatchObject({ text: 'a🚣b', stopped: false })
    expect(run(['🚣'], ['a🚤', '🚣b'])).toMatchObject({ text: 'a🚤', stopped: true })
  })

  it('gives the same text wherever the pieces are cut', () => {
    const alphabet = 'ab\n'
    let state = 7
    const random = (below: number): number => {
      state = (state * 1103515245 + 12345) % 2 ** 31
      return Math.floor((state / 2 ** 31) * below)
    }
    const word = (length: number): string => Array.from({ length }, () => alphabet[random(3)]).join('')
    for (let round = 0; round < 2000; round++) {
      const stops = [word(1 + random(4)), word(2 + random(4))]
      const text = word(12)
      const pieces: string[] = []
      for (let at = 0; at < text.length; ) {
        const length = 1 + random(5)
        pieces.push(text.slice(at, at + length))
        at += length
      }
      const whole = run(stops, [...text])
      expect(run(stops, pieces)).toMatchObject({ text: whole.text, stopped: whole.stopped })
      expect(text.startsWith(whole.text)).toBe(true)
      expect(stops.some((stop) => whole.text.includes(stop))).toBe(false)
      expect(whole.stopped).toBe(stops.some((stop) => text.includes(stop)))
    }
  })
})
