import { type BenchResult, resultsToCsv, resultToHtml, resultToMarkdown, writeResult } from '@sampan/bench'
import { button, element } from '../element.ts'
import { gpuOf } from '../results/filter.ts'
import { fileStem, saveFile } from '../save.ts'
import type { Strings } from '../strings.ts'

/** Copy and save: the only ways in which a result leaves the page. */
export function resultActions(result: BenchResult, { measure, report }: Strings, onAmong: () => void): HTMLElement {
  const said = element('span', { class: 'soft', role: 'status' })
  const stem = fileStem(gpuOf(result), result.machine.runtime.name, result.startedAt)
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(resultToMarkdown(result))
      said.textContent = measure.copied
    } catch {
      said.textContent = measure.notCopied
    }
  }
  return element('div', { class: 'actions' }, [
    button(measure.save('JSON'), () => saveFile(`${stem}.json`, 'application/json', writeResult(result)), 'primary'),
    button(measure.save('HTML'), () => saveFile(`${stem}.html`, 'text/html', resultToHtml(result, { words: report }))),
    button(measure.save('CSV'), () => saveFile(`${stem}.csv`, 'text/csv', resultsToCsv([result]))),
    button(measure.copy, () => void copy()),
    button(measure.among, onAmong),
    said,
  ])
}
