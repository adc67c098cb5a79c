import { z } from 'zod'
import { BenchError } from '../errors.ts'
import { count } from '../result/fields.ts'
import type { Reference } from '../runner/check-agreement.ts'

/** Of a reference file; those of `npm run verify` are far below. */
const LIMITS = { cases: 1_000, tokens: 100_000, top: 1_000, characters: 64 * 1024 * 1024 } as const

const tokens = z.array(count).min(1).max(LIMITS.tokens)

const schema = z.object({
  sha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .optional(),
  cases: z
    .array(
      z.object({
        name: z.string().max(LIMITS.top),
        ids: tokens,
        greedy: tokens,
        top: z
          .array(z.array(z.tuple([count, z.number()])).max(LIMITS.top))
          .max(LIMITS.tokens)
          .optional(),
      }),
    )
    .min(1)
    .max(LIMITS.cases),
})

export interface ReferenceFile {
  readonly reference: Reference
  /** Of the model's file, where it is named. */
  readonly sha256?: string
}

/**
 * Reads what `npm run verify` reads.
 * @param name what results call it
 * @throws BenchError `option-invalid`
 */
export function readReference(text: string, name: string): ReferenceFile {
  const refuse = (why: string) => new BenchError('option-invalid', `${name} is no reference file: ${why}`)
  if (text.length > LIMITS.characters) throw refuse('it is too large.')
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw refuse('it is no JSON.')
  }
  const read = schema.safeParse(value)
  if (!read.success) {
    const [issue] = read.error.issues
    throw refuse(`${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`.trim())
  }
  const { sha256, cases } = read.data
  const plain = cases.map(({ name, ids, greedy, top }) => ({ name, ids, greedy, ...(top && { top }) }))
  return { reference: { name, cases: plain }, ...(sha256 !== undefined && { sha256 }) }
}
