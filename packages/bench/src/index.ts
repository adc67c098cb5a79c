export {
  type ComparedResults,
  type ComparedRow,
  type CompareOptions,
  compareResults,
} from './compare/compare-results.ts'
export { comparisonText } from './compare/comparison-text.ts'
export type { Verdict } from './compare/verdict.ts'
export { BenchError, type BenchErrorCode } from './errors.ts'
export { comparisonCaveats } from './report/comparison-caveats.ts'
export { resultsToCsv } from './report/csv.ts'
export { type HtmlOptions, resultSection, resultToHtml } from './report/html.ts'
export { machineText } from './report/html-facts.ts'
export { type Markup, markupText, tag } from './report/html-markup.ts'
export { overviewPlots, type PlottedRun } from './report/html-plots.ts'
export { rowTables, type TabledResult } from './report/html-rows.ts'
export { resultStyle } from './report/html-style.ts'
export { englishWords, type ReportWords } from './report/html-words.ts'
export { resultToMarkdown } from './report/markdown.ts'
export {
  deviceText,
  engineText,
  flagWords,
  percentText,
  speedText,
  testText,
  unrankedWords,
} from './report/words.ts'
export { completeResult, completeRow, rowContext } from './result/complete-result.ts'
export { engineOf } from './result/engine-of.ts'
export { engineNames } from './result/engine-schema.ts'
export { oneLine } from './result/fields.ts'
export { AGREEMENT_NEEDED, ROOFLINE_DOUBTFUL, ROOFLINE_IMPLAUSIBLE, SAMPLES_WANTED } from './result/flags.ts'
export { resultJsonSchema } from './result/json-schema.ts'
export { measurementOf } from './result/measurement.ts'
export { cellsOf, rankRows, unrankedReasons } from './result/ranking.ts'
export { readResult, writeResult } from './result/read-result.ts'
export { SCHEMA } from './result/result-schema.ts'
export type * from './result/result-types.ts'
export { sampleRate } from './result/sample-rate.ts'
export { type ProbeOptions, probeRoofline } from './roofline/probe.ts'
export { checkAgreement, type Reference, type ReferenceCase } from './runner/check-agreement.ts'
export { type BenchHost, type CellSide, measureCell } from './runner/measure-cell.ts'
export { runSuite, type SuiteProgress, type SuiteRun } from './runner/run-suite.ts'
export { customSuite, type SuiteName, suite, suiteNames } from './runner/suites.ts'
export { type Interval, medianInterval } from './statistics/median-interval.ts'
export { median, medianAbsoluteDeviation, quantile, spread } from './statistics/quantile.ts'
export { pairedRatio, type Ratio, unpairedRatio } from './statistics/ratio.ts'
