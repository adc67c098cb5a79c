import type { z } from 'zod'
import type { adapterSchema, engineSchema, identitySchema, measurementSchema } from './engine-schema.ts'
import type { resultSchema } from './result-schema.ts'
import type {
  comparisonSchema,
  countersSchema,
  derivedSchema,
  flagNames,
  rowSchema,
  sampleSchema,
  summarySchema,
  unrankedReasons,
} from './row-schema.ts'

type Frozen<Value> = Value extends readonly unknown[] | object
  ? { readonly [Key in keyof Value]: Frozen<Value[Key]> }
  : Value
type Read<Schema extends z.ZodType> = Frozen<z.infer<Schema>>
type EachWithout<Value, Key extends PropertyKey> = Value extends unknown ? Omit<Value, Key> : never

export type BenchResult = Read<typeof resultSchema>
export type ResultRow = Read<typeof rowSchema>
export type RowStatus = ResultRow['status']
export type MeasuredRow = Extract<ResultRow, { status: 'measured' }>
export type RowSample = Read<typeof sampleSchema>
export type RowDerived = Read<typeof derivedSchema>
export type RowFlag = (typeof flagNames)[number]
export type UnrankedReason = (typeof unrankedReasons)[number]
export type RowCounters = Read<typeof countersSchema>
export type Summary = Read<typeof summarySchema>
export type Comparison = Read<typeof comparisonSchema>
export type ResultEngine = Read<typeof engineSchema>
export type ResultIdentity = Read<typeof identitySchema>
export type ResultAdapter = Read<typeof adapterSchema>
export type Measurement = Read<typeof measurementSchema>
export type Roofline = NonNullable<BenchResult['roofline']>
export type Machine = BenchResult['machine']
export type Conditions = BenchResult['conditions']
export type Suite = BenchResult['suite']

/** A row as the runner has it: what was seen, and nothing that follows from it. */
export type RowDraft = EachWithout<Exclude<ResultRow, { status: 'refused' }>, 'derived'>
export type ComparisonDraft = Omit<Comparison, 'ratio'>
/** `completeResult` makes a result of it. */
export type ResultDraft = Omit<BenchResult, 'rows' | 'comparisons' | 'configuration' | 'schema'> & {
  readonly rows: readonly RowDraft[]
  readonly comparisons: readonly ComparisonDraft[]
}
