import { type Markup, tag } from '../html-markup.ts'

/** Of every picture, in its own units: as wide as a small phone, so that its letters are as large there as the text's. */
export const WIDTH = 360
export const LEFT = 46
export const RIGHT = 348

export interface Place {
  readonly x: number
  readonly y: number
}

/** Of one engine: told apart by colour, shape and stroke. */
const MARKS: readonly ((x: number, y: number) => string)[] = [
  (x, y) => `M${n(x - 3.5)} ${n(y)}a3.5 3.5 0 1 0 7 0a3.5 3.5 0 1 0 -7 0z`,
  (x, y) => `M${n(x - 3.2)} ${n(y - 3.2)}h6.4v6.4h-6.4z`,
  (x, y) => `M${n(x)} ${n(y - 4.4)}l4.4 4.4l-4.4 4.4l-4.4 -4.4z`,
  (x, y) => `M${n(x)} ${n(y - 4.2)}l4.2 7.4h-8.4z`,
]
const COLOURS = 6

export function n(value: number): string {
  return String(Math.round(value * 100) / 100)
}

/** @param index of the series */
export function seriesClass(index: number): string {
  return `s${index % COLOURS}`
}

/** With what it means, for who points at it. */
export function mark(index: number, { x, y }: Place, says: string): Markup {
  const shape = MARKS[index % MARKS.length] ?? MARKS[0]
  return tag('path', { class: `mark ${seriesClass(index)}`, d: shape?.(x, y) ?? '' }, [tag('title', {}, [says])])
}

export function line(className: string, from: Place, to: Place): Markup {
  return tag('line', { class: className, x1: n(from.x), y1: n(from.y), x2: n(to.x), y2: n(to.y) })
}

export function label(text: string, { x, y }: Place, className = 'tick', anchor = 'middle'): Markup {
  return tag('text', { class: className, x: n(x), y: n(y), 'text-anchor': anchor }, [text])
}

/** A picture with its name; what it shows also stands in the tables, which is where those who cannot see it find it. */
export function figure(
  caption: string,
  height: number,
  content: readonly Markup[],
  below: readonly (Markup | undefined)[] = [],
): Markup {
  const svg = tag('svg', { viewBox: `0 0 ${WIDTH} ${n(height)}`, role: 'img', 'aria-label': caption }, content)
  return tag('figure', { class: 'plot' }, [tag('figcaption', {}, [caption]), svg, ...below])
}

/** Which mark is whose. */
export function legend(names: readonly string[]): Markup {
  const entries = names.map((name, index) => {
    const svg = tag('svg', { class: 'key', viewBox: '0 0 12 12', 'aria-hidden': 'true' }, [
      tag('path', { class: `mark ${seriesClass(index)}`, d: MARKS[index % MARKS.length]?.(6, 6) ?? '' }),
    ])
    return tag('li', {}, [svg, tag('bdi', {}, [name])])
  })
  return tag('ul', { class: 'legend' }, entries)
}

export function undrawn(text: string): Markup {
  return tag('p', { class: 'hint' }, [text])
}
