import type { EvaluationCase, Language } from './evaluation-case.ts'

export interface Selection {
  /** Most cases of each source, task and language; default all. */
  readonly count?: number | undefined
  readonly task?: string | undefined
  readonly lang?: Language | undefined
}

/** The first cases of each kind: the same ones every time. */
export function chooseCases(cases: readonly EvaluationCase[], selection: Selection): readonly EvaluationCase[] {
  const { count = Number.POSITIVE_INFINITY, task, lang } = selection
  const taken = new Map<string, number>()
  return cases.filter((entry) => {
    if ((task !== undefined && entry.task !== task) || (lang !== undefined && entry.lang !== lang)) return false
    const key = `${entry.source} ${entry.task} ${entry.lang}`
    const before = taken.get(key) ?? 0
    taken.set(key, before + 1)
    return before < count
  })
}
