import type { CaseResult, Disagreement, Total } from './compare.ts'

const equal = (yes: boolean): string => (yes ? 'equal' : 'DIFFERENT')

export function formatCase(result: CaseResult): string {
  const counted = result.steps - result.ties.length
  const parts = [
    `prompt ${equal(result.promptEqual)}`,
    `ids ${equal(result.idsEqual)}`,
    `${result.steps} steps`,
    `top-1 ${result.agreed}/${counted}`,
    `max |Δlogit| ${result.largestDifference.toFixed(4)}`,
  ]
  const lines = [
    ...result.wrong.map((entry) => formatDisagreement(entry, 'counted')),
    ...result.ties.map((entry) => formatDisagreement(entry, 'not counted')),
  ]
  return [`${result.name}: ${parts.join(', ')}`, ...lines].join('\n')
}

function formatDisagreement({ step, expected, got, margin }: Disagreement, counted: string): string {
  const chosen = got === undefined ? 'no number at all' : `token ${got}`
  return `  step ${step}: ${chosen} instead of ${expected}; the reference's two best are ${margin.toFixed(4)} apart (${counted})`
}

export function formatTotal(total: Total): string {
  const counted = total.steps - total.ties
  return [
    `total: prompts ${equal(total.promptsEqual)}`,
    `ids ${equal(total.idsEqual)}`,
    `${total.steps} steps`,
    `top-1 ${total.agreed}/${counted} = ${total.agreement.toFixed(4)}`,
    `${total.ties} near ties not counted`,
    `max |Δlogit| ${total.largestDifference.toFixed(4)}`,
    total.ok ? 'OK' : 'NOT OK',
  ].join(', ')
}
