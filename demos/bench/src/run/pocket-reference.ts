import type { Reference } from '@sampan/bench'
import file from '@sampan/bench/references/pocket.json'

/** What Pocket answers in float32, by another implementation. */
export async function pocketReference(): Promise<Reference> {
  const cases = file.cases.map(({ name, ids, greedy, top }) => ({
    ...{ name, ids, greedy },
    top: top.map((entry) =>
      entry.flatMap(([id, logit]): (readonly [number, number])[] =>
        id === undefined || logit === undefined ? [] : [[id, logit]],
      ),
    ),
  }))
  return { name: 'pocket.json', cases }
}
