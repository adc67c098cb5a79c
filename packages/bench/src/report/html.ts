import type { BenchResult } from '../result/result-types.ts'
import { comparisonList, probeTable } from './html-comparisons.ts'
import { factsOf, machineText, warnings } from './html-facts.ts'
import { type Markup, markupText, tag } from './html-markup.ts'
import { overviewPlots, samplePlots } from './html-plots.ts'
import { rowTables } from './html-rows.ts'
import { reportStyle, resultStyle } from './html-style.ts'
import { englishWords, type ReportWords } from './html-words.ts'

export interface HtmlOptions {
  /** English by default. */
  readonly words?: ReportWords
}

/** Nothing may be fetched and nothing may run: whatever a file's texts say, they stay texts. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"

/**
 * One HTML file with tables and pictures, that fetches nothing and has no script: it is read as it is, printed, and mailed. For a phone as
 * for a desk, light and dark.
 * @param results as `readResult` or `completeResult` gives them
 */
export function resultToHtml(results: BenchResult | readonly BenchResult[], options: HtmlOptions = {}): string {
  const all = 'rows' in results ? [results] : results
  const words = options.words ?? englishWords
  const [only] = all
  const title = all.length === 1 && only ? `${words.title}: ${machineText(only)}` : words.title
  const body = tag('body', { class: 'result' }, [
    tag('header', {}, [tag('h1', {}, [words.title]), tag('p', {}, [words.introduction])]),
    all.length > 1 ? contents(all, words) : undefined,
    tag(
      'main',
      {},
      all.map((result, index) => resultSection(result, words, `run-${index + 1}`)),
    ),
    tag('footer', {}, [tag('p', {}, [words.made(only?.harness.version ?? '')])]),
  ])
  const head = [
    tag('meta', { charset: 'utf-8' }),
    tag('meta', { 'http-equiv': 'Content-Security-Policy', content: POLICY }),
    tag('meta', { name: 'viewport', content: 'width=device-width, initial-scale=1' }),
    tag('meta', { name: 'color-scheme', content: 'light dark' }),
    tag('title', {}, [title]),
  ].map(markupText)
  // Styles are no text to HTML: theirs is this module's own, and of no file.
  const style = `<style>${reportStyle}${resultStyle}</style>`
  return `<!doctype html>\n<html lang="${words.language}"><head>${head.join('')}${style}</head>${markupText(body)}</html>\n`
}

/** One run with its tables and pictures. */
export function resultSection(result: BenchResult, words: ReportWords, id: string): Markup {
  const comparisons = comparisonList(result, words)
  const probe = probeTable(result, words)
  return tag('section', { class: 'run', id, 'aria-labelledby': `${id}-title` }, [
    tag('h2', { id: `${id}-title` }, [tag('bdi', {}, [machineText(result)])]),
    ...warnings(result, words),
    tag('h3', {}, [words.rows]),
    rowTables(result, words),
    ...(comparisons ? [tag('h3', {}, [words.comparisons]), comparisons] : []),
    overviewPlots([{ name: '', rows: result.rows }], words),
    samplePlots(result, words),
    ...(probe ? [probe] : []),
    tag('h3', {}, [words.machine]),
    factsOf(result, words),
  ])
}

function contents(results: readonly BenchResult[], words: ReportWords): Markup {
  const links = results.map((result, index) =>
    tag('li', {}, [
      tag('a', { href: `#run-${index + 1}` }, [`${machineText(result)}, ${result.startedAt.slice(0, 10)}`]),
    ]),
  )
  return tag('nav', { 'aria-label': words.contents }, [tag('ol', {}, links)])
}
