import { z } from 'zod'
import { resultSchema } from './result-schema.ts'

/** The result file's schema, draft 2020-12, for programs that do not run this package; published as `result.schema.json`. */
export function resultJsonSchema(): object {
  return z.toJSONSchema(resultSchema, { target: 'draft-2020-12', io: 'input' })
}
