import { BenchError } from '../errors.ts'

/**
 * @param has tokens that the model was made for
 * @param needs tokens of the test
 * @throws BenchError `not-available`
 */
export function requireContext(has: number, needs: number): void {
  if (has >= needs) return
  throw new BenchError('not-available', `The model's context has ${has} tokens, the test needs ${needs}.`)
}
