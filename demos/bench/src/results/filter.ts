import type { BenchResult, ResultRow } from '@sampan/bench'
import { type Facet, type Filters, facets } from '../view-state.ts'
import type { LoadedResult } from './result-store.ts'

/** What a row says in a facet; '' where it says nothing. */
export function facetOf(result: BenchResult, row: ResultRow, facet: Facet): string {
  const { machine, engines } = result
  switch (facet) {
    case 'gpu':
      return gpuOf(result)
    case 'browser':
      return machine.runtime.name
    case 'engine':
      return row.build === undefined ? row.engine : `${row.engine} (${row.build})`
    case 'model':
      return row.model
    case 'quantization': {
      const opened = engines.find(
        ({ engine, build, model }) => engine === row.engine && build === row.build && model === row.model,
      )
      return opened?.identity.model.quantization ?? ''
    }
    default:
      return facet satisfies never
  }
}

export function gpuOf({ machine, roofline, engines }: BenchResult): string {
  if (machine.declaredGpu !== undefined) return machine.declaredGpu
  const adapter =
    machine.adapter ?? roofline?.adapter ?? engines.find(({ identity }) => identity.adapter)?.identity.adapter
  if (!adapter) return ''
  return adapter.description || [adapter.vendor, adapter.architecture].filter((part) => part !== '').join(' ')
}

export interface FilteredResult {
  readonly entry: LoadedResult
  readonly rows: readonly ResultRow[]
}

/** The rows that every filter lets through, by run; runs without one are left out. */
export function filtered(entries: readonly LoadedResult[], filters: Filters): readonly FilteredResult[] {
  const wanted = facets.flatMap((facet) => {
    const value = filters[facet]
    return value === undefined ? [] : [[facet, value] as const]
  })
  return entries.flatMap((entry) => {
    const rows = entry.result.rows.filter((row) =>
      wanted.every(([facet, value]) => facetOf(entry.result, row, facet) === value),
    )
    return rows.length > 0 ? [{ entry, rows }] : []
  })
}

/** What can be chosen in a facet, as the other filters leave it; what is chosen now is always among it. */
export function choices(entries: readonly LoadedResult[], filters: Filters, facet: Facet): readonly string[] {
  const { [facet]: chosen, ...others } = filters
  const values = filtered(entries, others).flatMap(({ entry, rows }) =>
    rows.map((row) => facetOf(entry.result, row, facet)),
  )
  return [...new Set([...values, ...(chosen === undefined ? [] : [chosen])])].filter((value) => value !== '').sort()
}
