/** What a link to this page keeps: its part, the files that it shows, what they are filtered by, and which two are compared. */
export interface ViewState {
  readonly part: Part
  /** Addresses of result files that were loaded beside the committed ones. */
  readonly files: readonly string[]
  readonly filters: Filters
  /** Run ids. */
  readonly base?: string
  readonly other?: string
}

export const parts = ['measure', 'results', 'compare', 'add'] as const
export type Part = (typeof parts)[number]

export const facets = ['gpu', 'browser', 'engine', 'model', 'quantization'] as const
export type Facet = (typeof facets)[number]
export type Filters = Readonly<Partial<Record<Facet, string>>>

/** Links are anybody's. */
const LIMITS = { files: 20, address: 2_000, text: 300 } as const

export function readViewState(hash: string): ViewState {
  const fields = new URLSearchParams(hash.replace(/^#/, ''))
  const text = (name: string): string | undefined => {
    const value = fields.get(name)
    return value === null || value === '' || value.length > LIMITS.text ? undefined : value
  }
  const filters: Partial<Record<Facet, string>> = {}
  for (const facet of facets) {
    const value = text(facet)
    if (value !== undefined) filters[facet] = value
  }
  const [base, other] = [text('base'), text('other')]
  return {
    part: parts.find((name) => name === fields.get('view')) ?? 'measure',
    files: addressesOf(fields.getAll('results')),
    filters,
    ...(base !== undefined && { base }),
    ...(other !== undefined && { other }),
  }
}

export function viewStateHash({ part, files, filters, base, other }: ViewState): string {
  const fields = new URLSearchParams()
  fields.set('view', part)
  for (const file of files) fields.append('results', file)
  for (const facet of facets) {
    const value = filters[facet]
    if (value !== undefined) fields.set(facet, value)
  }
  if (base !== undefined) fields.set('base', base)
  if (other !== undefined) fields.set('other', other)
  return `#${fields}`
}

/** Addresses of result files in a query or a link; several in one field are separated by spaces or commas. */
export function addressesOf(fields: readonly string[]): readonly string[] {
  const all = fields
    .flatMap((field) => field.split(/[\s,]+/))
    .filter((text) => text !== '' && text.length <= LIMITS.address)
  return [...new Set(all)].slice(0, LIMITS.files)
}
