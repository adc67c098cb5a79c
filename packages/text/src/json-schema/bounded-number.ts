import type { Bound, Facets } from './facets.ts'
import type { NumberShape, Shape } from './grammar.ts'
import { defaultFractionDigits, maxNumberDigits } from './limits.ts'
import { patternAutomaton } from './pattern-automaton.ts'
import { exceeded } from './schema-error.ts'

const integerText = '^(?:0|-?[1-9][0-9]{0,14})$'
/** Two digits of exponent keep every number finite. */
const numberText = '^-?(?:0|[1-9][0-9]{0,14})(?:\\.[0-9]{1,15})?(?:[eE][-+]?[0-9]{1,2})?$'
const largest = 10 ** maxNumberDigits - 1

export function disjointRanges(one: Facets, other: Facets): boolean {
  return above(one.low, other.high) || above(other.low, one.high)
}

function above(low: Bound | undefined, high: Bound | undefined): boolean {
  if (low === undefined || high === undefined) return false
  return low.value > high.value || (low.value === high.value && (low.exclusive || high.exclusive))
}

/** Undefined when no number of at most `maxNumberDigits` digits is left. @throws TextError `schema-limit-exceeded` */
export function numberShape(facets: Facets): Shape | undefined {
  const { low, high, steps, integer, path } = facets
  const whole = integer || steps.length > 0
  if (low === undefined && high === undefined && steps.length === 0) {
    const automaton = patternAutomaton(whole ? integerText : numberText, path)
    return automaton === undefined ? undefined : { kind: 'regular', automaton }
  }
  const fractionDigits = whole ? 0 : chooseFractionDigits([low, high])
  const shape: NumberShape = {
    kind: 'number',
    low: low === undefined ? -largest : clamp(scaled(low, fractionDigits, 1)),
    high: high === undefined ? largest : clamp(scaled(high, fractionDigits, -1)),
    fractionDigits,
    step: steps.reduce(leastCommonMultiple, 1),
  }
  if (shape.step > largest) throw exceeded('as a common multiple', largest, path)
  const most = Math.floor(shape.high / shape.step) * shape.step
  return shape.low <= most ? shape : undefined
}

/** All digits together stay within what a double tells apart, so that exclusive bounds are exact. */
function chooseFractionDigits(bounds: readonly (Bound | undefined)[]): number {
  let wholeDigits = 1
  let fractionDigits = defaultFractionDigits
  for (const bound of bounds) {
    if (bound === undefined) {
      wholeDigits = Math.max(wholeDigits, maxNumberDigits - defaultFractionDigits)
      continue
    }
    const { digits, exponent } = decimal(bound.value)
    wholeDigits = Math.max(wholeDigits, String(digits < 0n ? -digits : digits).length + exponent)
    fractionDigits = Math.max(fractionDigits, -exponent)
  }
  return Math.max(0, Math.min(maxNumberDigits - wholeDigits, fractionDigits))
}

/** A lower bound (`sign` 1) rounded up, an upper one (-1) rounded down, in units of the last place. */
function scaled({ value, exclusive }: Bound, fractionDigits: number, sign: 1 | -1): number {
  const { digits, exponent } = decimal(value)
  const shift = exponent + fractionDigits
  if (shift >= 0) {
    // What is past the largest anyway need not be exact.
    const exact = Number(digits * 10n ** BigInt(Math.min(shift, 2 * maxNumberDigits)))
    return exclusive ? exact + sign : exact
  }
  const divisor = 10n ** BigInt(-shift)
  const towardsZero = digits / divisor
  const rest = digits - towardsZero * divisor
  const floor = Number(rest < 0n ? towardsZero - 1n : towardsZero)
  const exact = rest === 0n
  if (sign === 1) return exact && !exclusive ? floor : floor + 1
  return exact && exclusive ? floor - 1 : floor
}

/** `digits * 10 ** exponent`, the shortest that is read as `value`. */
function decimal(value: number): { readonly digits: bigint; readonly exponent: number } {
  const [mantissa = '0', exponent = '0'] = String(value).split('e')
  const [whole = '0', fraction = ''] = mantissa.split('.')
  return { digits: BigInt(whole + fraction), exponent: Number(exponent) - fraction.length }
}

function clamp(value: number): number {
  return Math.max(-largest - 1, Math.min(largest + 1, value))
}

function leastCommonMultiple(a: number, b: number): number {
  let [x, y] = [a, b]
  while (y !== 0) [x, y] = [y, x % y]
  return (a / x) * b
}
