import type { z } from 'zod'
import { BenchError } from '../errors.ts'
import { agreeWithSamples } from './agree-with-samples.ts'
import { LIMITS } from './limits.ts'
import { pathText } from './path-text.ts'
import { resultSchema } from './result-schema.ts'
import type { BenchResult } from './result-types.ts'

/**
 * A result file that may be anybody's: its form is checked, every length and number against a limit, and all that follows from the samples
 * is computed again.
 * @param file its text, or what JSON.parse made of it. Fields of a newer minor version are passed over
 * @throws BenchError `result-unsupported` for a newer major version; `result-invalid` for what is no such file; `result-inconsistent` where
 * a number, a flag or a rank is not what the samples say. The message names the place
 */
export function readResult(file: unknown): BenchResult {
  const value = typeof file === 'string' ? parsed(file) : file
  refuseOtherVersions(value)
  const result = resultSchema.safeParse(value, { jitless: true })
  if (!result.success) throw invalid(result.error)
  agreeWithSamples(result.data)
  return result.data
}

/**
 * The text of a result file, checked as `readResult` does.
 * @throws BenchError as `readResult`
 */
export function writeResult(result: BenchResult): string {
  const text = JSON.stringify(readResult(result), undefined, 2)
  return `${text.replace(numbersInLines, (_, numbers: string) => `[${numbers.trim().replace(/,\s+/g, ', ')}]`)}\n`
}

/** Arrays of numbers, one number on each line; within strings there are no line breaks. */
const numbersInLines = /\[\n([\s\d.,eE+-]+)\]/g

function parsed(text: string): unknown {
  if (text.length > LIMITS.file)
    throw new BenchError(
      'result-invalid',
      `The file has ${text.length} characters; results have at most ${LIMITS.file}.`,
    )
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new BenchError('result-invalid', 'The file is no JSON: is it a result that the harness wrote?', {}, cause)
  }
}

function refuseOtherVersions(value: unknown): void {
  const schema = typeof value === 'object' && value !== null && 'schema' in value ? value.schema : undefined
  const major = typeof schema === 'string' ? /^sampan-bench\/(\d{1,6})(\.|$)/.exec(schema)?.[1] : undefined
  if (major === undefined)
    throw new BenchError(
      'result-invalid',
      'The file is no result of this harness: its “schema” is not “sampan-bench/1”.',
      {
        path: ['schema'],
      },
    )
  if (major !== '1')
    throw new BenchError(
      'result-unsupported',
      `The file has version ${major} of the format, and this harness reads version 1: take a newer harness.`,
      { path: ['schema'] },
    )
}

function invalid(error: z.ZodError): BenchError {
  const [issue] = error.issues
  const path = issue?.path.map((part) => (typeof part === 'number' ? part : String(part))) ?? []
  const more = error.issues.length > 1 ? ` (and ${error.issues.length - 1} more)` : ''
  return new BenchError('result-invalid', `${pathText(path)}: ${issue?.message ?? 'wrong'}${more}.`, { path })
}
