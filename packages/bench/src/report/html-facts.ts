import type { BenchResult } from '../result/result-types.ts'
import { type Markup, tag } from './html-markup.ts'
import type { ReportWords } from './html-words.ts'

/** The machine and the conditions of a run; what is not known is not there. */
export function factsOf(result: BenchResult, words: ReportWords): Markup {
  const { machine, conditions, suite, harness } = result
  const { facts, yes, no } = words
  const says = (value: boolean | undefined) => (value === undefined ? undefined : value ? yes : no)
  const tests = suite.tests.length
  const entries: readonly (readonly [string, string | undefined])[] = [
    [facts.gpuByUser, machine.declaredGpu],
    [facts.gpu, adapterText(result)],
    [facts.browser, named(machine.runtime)],
    [facts.system, machine.os && named(machine.os)],
    [facts.cores, machine.cores === undefined ? undefined : String(machine.cores)],
    [
      facts.memory,
      machine.deviceMemoryGiB === undefined ? undefined : words.gigabytes(String(machine.deviceMemoryGiB)),
    ],
    [facts.clock, `${conditions.timerResolutionMs} ms`],
    [facts.isolated, says(conditions.crossOriginIsolated)],
    [facts.developer, says(conditions.developerFeatures)],
    [facts.suite, `${suite.name} ${suite.version} (${tests})`],
    [facts.harness, [harness.version, harness.commit].filter(Boolean).join(', ')],
    [facts.when, result.startedAt.replace('T', ' ').replace(/(\.\d+)?Z$/, ' UTC')],
    [facts.run, result.runId],
    [facts.configuration, result.configuration],
    [facts.note, result.note],
  ]
  return factList(entries)
}

function factList(entries: readonly (readonly [string, string | undefined])[]): Markup {
  const known = entries.flatMap(([name, value]) =>
    value === undefined || value === '' ? [] : [tag('dt', {}, [name]), tag('dd', {}, [tag('bdi', {}, [value])])],
  )
  return tag('dl', { class: 'facts' }, known)
}

function named({ name, version }: { readonly name: string; readonly version?: string }): string {
  return version === undefined ? name : `${name} ${version}`
}

function adapterText({ machine, roofline, engines }: BenchResult): string | undefined {
  const adapter =
    machine.adapter ?? roofline?.adapter ?? engines.find(({ identity }) => identity.adapter)?.identity.adapter
  if (!adapter) return undefined
  const { vendor, architecture, description, software } = adapter
  return [vendor, architecture, description, software ? '(software)' : ''].filter((part) => part !== '').join(' ')
}

/** What people would call the machine of a run. */
export function machineText(result: BenchResult): string {
  const gpu = result.machine.declaredGpu ?? adapterText(result)
  return [gpu, named(result.machine.runtime), result.machine.os?.name].filter((part) => part !== undefined).join(' · ')
}

/** What must be known before any number is looked at. */
export function warnings(result: BenchResult, words: ReportWords): readonly Markup[] {
  const adapter = result.machine.adapter ?? result.engines.find(({ identity }) => identity.adapter)?.identity.adapter
  return [
    ...(result.machine.runtime.kind === 'simulation' ? [words.simulated] : []),
    ...(adapter?.software === true ? [words.software] : []),
    ...(result.aborted ? [words.endedEarly] : []),
  ].map((text) => tag('p', { class: 'warning' }, [text]))
}
