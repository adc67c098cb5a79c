import { maxValueDepth } from './limits.ts'
import { childrenOf, isNamespace, keyLength, type RuntimeValue } from './runtime-value.ts'
import { exceeded, type WorkBudget } from './work-budget.ts'

/** What printing a value takes, shared parts counted each time they would be printed. */
export interface ValueMeasure {
  readonly characters: number
  readonly values: number
  readonly depth: number
  /** Sum over all values of how deep they lie: what indentation multiplies. */
  readonly depthSum: number
}

const charactersPerScalar = 8
const scalar: ValueMeasure = { characters: charactersPerScalar, values: 1, depth: 0, depthSum: 0 }

/**
 * Measures values as a template makes them. Lists and mappings never change once made, so each is measured once; a
 * few small ones that share parts can print as 2^40 characters, which is why the measure is of the printed form.
 * Namespaces do change, so one inside another value is refused: no known template has any.
 */
export class ValueMeter {
  readonly #known = new WeakMap<RuntimeValue, ValueMeasure>()
  readonly #budget: WorkBudget

  constructor(budget: WorkBudget) {
    this.#budget = budget
  }

  measure(value: RuntimeValue): ValueMeasure {
    if (typeof value.value === 'string') return { ...scalar, characters: value.value.length }
    const children = childrenOf(value)
    if (children === undefined) return scalar
    const known = this.#known.get(value)
    if (known !== undefined) return known
    const measured = this.#sum(value, children)
    this.#budget.check(measured.characters)
    if (!isNamespace(value)) this.#known.set(value, measured)
    return measured
  }

  #sum(value: RuntimeValue, children: Iterable<RuntimeValue>): ValueMeasure {
    let characters = charactersPerScalar + keyLength(value)
    let values = 1
    let depth = 0
    let depthSum = 0
    for (const child of children) {
      this.#budget.spend(1)
      if (isNamespace(child)) throw exceeded('puts a namespace inside another value')
      const inner = this.measure(child)
      characters += inner.characters + charactersPerScalar
      values += inner.values
      depth = Math.max(depth, inner.depth + 1)
      depthSum += inner.depthSum + inner.values
    }
    if (depth > 2 * maxValueDepth) throw exceeded(`nests values over ${2 * maxValueDepth} deep`)
    return { characters, values, depth, depthSum }
  }
}
