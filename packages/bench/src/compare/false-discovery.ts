/**
 * Which of many findings stand when one remembers that many were looked for: Benjamini and Hochberg's step-up procedure, Controlling the
 * false discovery rate (1995). Where nothing differs at all, it finds anything in at most `level` of the cases, however many rows there are.
 * @param chances of each finding, that it comes by chance; absent: it was not looked for
 */
export function discoveries(chances: readonly (number | undefined)[], level: number): readonly boolean[] {
  const sorted = chances.filter((chance) => chance !== undefined).sort((a, b) => a - b)
  const last = sorted.findLastIndex((chance, index) => chance <= (level * (index + 1)) / sorted.length)
  const most = sorted[last] ?? -1
  return chances.map((chance) => chance !== undefined && chance <= most)
}
