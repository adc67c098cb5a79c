import { BenchError } from '../errors.ts'

/** @throws BenchError `statistics-invalid` unless there is a number and all are finite */
export function finite(values: readonly number[]): readonly number[] {
  if (values.length === 0) throw new BenchError('statistics-invalid', 'There are no numbers to summarise.')
  const index = values.findIndex((value) => !Number.isFinite(value))
  if (index >= 0)
    throw new BenchError('statistics-invalid', `Number ${index + 1} of ${values.length} is ${values[index]}.`, {
      index,
    })
  return values
}

/** @throws BenchError `statistics-invalid` unless there is a number and all are finite and above zero */
export function positive(values: readonly number[]): readonly number[] {
  const index = finite(values).findIndex((value) => value <= 0)
  if (index >= 0)
    throw new BenchError('statistics-invalid', `Number ${index + 1} is ${values[index]}: ratios need more than zero.`, {
      index,
    })
  return values
}

/** @throws BenchError `statistics-invalid` as `finite` does */
export function ascending(values: readonly number[]): Float64Array {
  return Float64Array.from(finite(values)).sort()
}

/** An element that is surely there. @throws RangeError where it is not */
export function at(values: ArrayLike<number>, index: number): number {
  const value = values[index]
  if (value === undefined) throw new RangeError(`There is no number ${index} among ${values.length}.`)
  return value
}
