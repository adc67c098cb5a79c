/** What becomes of the text a split pattern matches; names follow the Rust `tokenizers` library. */
export type SplitBehavior = 'isolated' | 'removed' | 'merged-with-previous' | 'merged-with-next' | 'contiguous'

/** One step from text to the pieces that byte-pair encoding may not cross. */
export type PreTokenizerStep =
  | { readonly kind: 'split'; readonly pattern: RegExp; readonly behavior: SplitBehavior; readonly invert: boolean }
  | { readonly kind: 'prefix-space' }

interface Span {
  readonly start: number
  end: number
  readonly matched: boolean
}

/** Runs the steps in order over one section of text; empty pieces are dropped. */
export function splitText(text: string, steps: readonly PreTokenizerStep[]): readonly string[] {
  let pieces: readonly string[] = text === '' ? [] : [text]
  for (const step of steps) pieces = pieces.flatMap((piece) => runStep(piece, step))
  return pieces
}

function runStep(text: string, step: PreTokenizerStep): readonly string[] {
  switch (step.kind) {
    case 'prefix-space':
      return [text.startsWith(' ') ? text : ` ${text}`]
    case 'split':
      return arrange(spansOf(text, step.pattern, step.invert), step.behavior).map(({ start, end }) =>
        text.slice(start, end),
      )
    default:
      return step satisfies never
  }
}

function spansOf(text: string, pattern: RegExp, invert: boolean): readonly Span[] {
  const spans: Span[] = []
  let end = 0
  for (const match of text.matchAll(pattern)) {
    if (match[0] === '') continue
    if (match.index > end) spans.push({ start: end, end: match.index, matched: invert })
    end = match.index + match[0].length
    spans.push({ start: match.index, end, matched: !invert })
  }
  if (end < text.length) spans.push({ start: end, end: text.length, matched: invert })
  return spans
}

function arrange(spans: readonly Span[], behavior: SplitBehavior): readonly Span[] {
  switch (behavior) {
    case 'isolated':
      return spans
    case 'removed':
      return spans.filter((span) => !span.matched)
    case 'contiguous':
      return join(spans, (before, span) => before.matched === span.matched)
    case 'merged-with-previous':
      return join(spans, (before, span) => span.matched && !before.matched)
    case 'merged-with-next':
      return join(spans, (before, span) => before.matched && !span.matched)
    default:
      return behavior satisfies never
  }
}

/** Joins a span to the one before it where `joins` says so; the joined span takes the later one's kind. */
function join(spans: readonly Span[], joins: (before: Span, span: Span) => boolean): readonly Span[] {
  const joined: Span[] = []
  let before: Span | undefined
  for (const span of spans) {
    const last = joined.at(-1)
    if (before !== undefined && last !== undefined && joins(before, span)) last.end = span.end
    else joined.push({ ...span })
    before = span
  }
  return joined
}
