import { dead, type TableAutomaton, TableBuilder } from './byte-automaton.ts'
import { freeKey } from './free-text.ts'
import type { ArrayShape, ExtraKeys, JsonGrammar, ObjectShape, RuleIndex, Shape } from './grammar.ts'
import { LiteralAutomaton } from './literal-automaton.ts'
import { countTexts, spelledAutomaton } from './text-automaton.ts'

export interface ArrayDraft {
  readonly kind: 'array'
  readonly prefix: readonly RuleIndex[]
  readonly items: RuleIndex
  readonly min: number
  readonly max: number
}

export interface ObjectDraft {
  readonly kind: 'object'
  readonly keys: readonly { readonly spelled: string; readonly rule: RuleIndex; readonly required: boolean }[]
  /** `names`: as they read, not as they are spelled; undefined: any. `rules` by label. */
  readonly extra:
    | { readonly names: TableAutomaton | undefined; readonly rules: ReadonlyMap<number, RuleIndex> }
    | undefined
  readonly min: number
  readonly max: number
  readonly path: string
}

/** A shape whose values' own rules may turn out to have no values. */
export type Draft = { readonly kind: 'ready'; readonly shape: Shape } | ArrayDraft | ObjectDraft

/** An assignment to this property is no own property. */
const neverExtra = '__proto__'
const quote = 0x22

/** Cuts everything that no finite value satisfies: the least fixed point of which rules have values. */
export function finishRules(rules: readonly (readonly Draft[])[]): JsonGrammar {
  const finished = new Map<Draft, Shape>()
  const possible = new Set<RuleIndex>()
  for (let before = -1; before !== possible.size; ) {
    before = possible.size
    for (const [index, drafts] of rules.entries()) {
      if (!possible.has(index) && drafts.some((draft) => canBe(draft, possible))) possible.add(index)
    }
  }
  for (const draft of rules.flat()) {
    const shape = finish(draft, possible)
    if (shape !== undefined) finished.set(draft, shape)
  }
  return { rules: rules.map((drafts) => drafts.flatMap((draft) => finished.get(draft) ?? [])) }
}

function canBe(draft: Draft, possible: ReadonlySet<RuleIndex>): boolean {
  switch (draft.kind) {
    case 'ready':
      return true
    case 'array':
      return draft.min <= mostItems(draft, possible)
    case 'object': {
      const { keys, min, max } = draft
      const required = keys.filter((key) => key.required)
      if (required.length > max || min > max || required.some(({ rule }) => !possible.has(rule))) return false
      const known = keys.filter(({ rule }) => possible.has(rule)).length
      return known >= min || known + extrasOf(draft, possible) >= min
    }
    default:
      return draft satisfies never
  }
}

function mostItems({ prefix, items, max }: ArrayDraft, possible: ReadonlySet<RuleIndex>): number {
  const missing = prefix.findIndex((rule) => !possible.has(rule))
  if (missing !== -1) return Math.min(max, missing)
  return possible.has(items) ? max : Math.min(max, prefix.length)
}

function extrasOf(draft: ObjectDraft, possible: ReadonlySet<RuleIndex>): number {
  const extra = finishExtra(draft, possible)
  if (extra === undefined) return 0
  return (extra.counts?.[extra.names.start] ?? Number.POSITIVE_INFINITY) - extra.taken
}

function finish(draft: Draft, possible: ReadonlySet<RuleIndex>): Shape | undefined {
  if (draft.kind === 'ready') return draft.shape
  if (!canBe(draft, possible)) return undefined
  return draft.kind === 'array' ? finishArray(draft, possible) : finishObject(draft, possible)
}

function finishArray(draft: ArrayDraft, possible: ReadonlySet<RuleIndex>): ArrayShape {
  const max = mostItems(draft, possible)
  const items = possible.has(draft.items) ? draft.items : undefined
  return { kind: 'array', prefix: draft.prefix.slice(0, max), items, min: draft.min, max }
}

function finishObject(draft: ObjectDraft, possible: ReadonlySet<RuleIndex>): ObjectShape {
  const kept = draft.keys.filter(({ rule }) => possible.has(rule))
  const nextRequired = new Int32Array(kept.length + 1).fill(kept.length)
  const requiredFrom = new Int32Array(kept.length + 1)
  for (let index = kept.length - 1; index >= 0; index--) {
    const required = kept[index]?.required === true
    nextRequired[index] = required ? index : (nextRequired[index + 1] ?? 0)
    requiredFrom[index] = (requiredFrom[index + 1] ?? 0) + (required ? 1 : 0)
  }
  return {
    kind: 'object',
    keys: kept.map((key) => ({ ...key, spelled: asBytes(key.spelled) })),
    trie: new LiteralAutomaton(kept.map(({ spelled }) => `${spelled}"`)),
    nextRequired,
    requiredFrom,
    extra: finishExtra(draft, possible),
    min: draft.min,
    max: draft.max,
  }
}

function finishExtra({ extra, keys }: ObjectDraft, possible: ReadonlySet<RuleIndex>): ExtraKeys | undefined {
  if (extra === undefined) return undefined
  const rules = new Map([...extra.rules].filter(([, rule]) => possible.has(rule)))
  const names = extra.names === undefined ? freeKey() : spelled(extra.names, rules)
  if (names === undefined || rules.size === 0) return undefined
  const counts = extra.names === undefined ? undefined : countTexts(names)
  const blocked = new Set([neverExtra, ...keys.map((key) => asBytes(key.spelled))])
  const taken = [...blocked].filter((name) => accepts(names, name)).length
  const finite = counts?.some((count, state) => count < Number.POSITIVE_INFINITY && !names.accepts(state))
  if (counts !== undefined && (counts[names.start] ?? 0) <= taken) return undefined
  return { names, counts: finite === true ? counts : undefined, blocked, taken, rules }
}

/** With the labels that have a rule only. */
function spelled(names: TableAutomaton, rules: ReadonlyMap<number, RuleIndex>): TableAutomaton | undefined {
  const builder = new TableBuilder()
  for (const label of names.labels) builder.add(rules.has(label) ? label : 0)
  for (let state = 0; state < names.size; state++) {
    for (let byte = 0; byte < 0x100; byte++) {
      const to = names.next(state, byte)
      if (to !== dead) builder.edge(state, byte, byte, to)
    }
  }
  const kept = builder.finish(names.start)
  return kept && spelledAutomaton(kept, true)
}

function accepts(names: TableAutomaton, name: string): boolean {
  let state = names.start
  for (let at = 0; at < name.length && state !== dead; at++) state = names.next(state, name.charCodeAt(at))
  return state !== dead && names.next(state, quote) !== dead
}

/** A character for each byte of UTF-8. */
function asBytes(text: string): string {
  return Array.from(new TextEncoder().encode(text), (byte) => String.fromCharCode(byte)).join('')
}
