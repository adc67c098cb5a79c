import { Environment, Interpreter } from '@huggingface/jinja'
import { maxFormatArgument, maxParts } from './limits.ts'
import { capitalize, codePointLength, strip, titleCase } from './python-strings.ts'
import { printAsPython } from './python-text.ts'
import { childrenOf, isFunctionValue, type RuntimeValue, type Scope, type Syntax } from './runtime-value.ts'
import type { Membership, SyntaxPlan } from './syntax-plan.ts'
import { ValueMeter } from './value-measure.ts'
import { exceeded, WorkBudget } from './work-budget.ts'

const unitsPerIteration = 8
const stepsPerScopeUnit = 16
/** Up to here a substring search is as good as linear. */
const shortNeedle = 32
/** Nodes whose result is newly made rather than a reference to something that exists. */
const makers = new Set([
  'BinaryExpression',
  'FilterExpression',
  'FilterStatement',
  'CallExpression',
  'CallStatement',
  'If',
  'For',
  'Program',
])

interface OpenMembership {
  readonly syntax: Membership
  needleLength: number
}

/**
 * Jinja's interpreter with every step counted and every value measured before it can be printed or multiplied.
 * All of `@huggingface/jinja`'s evaluation passes through `evaluate`, which is what makes this sound; the few
 * built-ins whose result can be far larger than their operands (`replace`, `join`, `indent`, `range`) are checked
 * before they run.
 */
export class BoundedInterpreter extends Interpreter {
  readonly #plan: SyntaxPlan
  readonly #budget = new WorkBudget()
  readonly #meter = new ValueMeter(this.#budget)
  readonly #adopted = new WeakSet<RuntimeValue>()
  readonly #missing = new Environment().set('missing', undefined)
  readonly #nothing = new Environment().set('nothing', [])
  readonly #memberships: OpenMembership[] = []

  constructor(globals: Environment, plan: SyntaxPlan) {
    super(globals)
    this.#plan = plan
  }

  override evaluate(node: Syntax | undefined, scope: Scope): RuntimeValue {
    if (node === undefined) return super.evaluate(node, scope)
    this.#budget.enter()
    this.#budget.spend(1 + (this.#plan.macroSizes.get(node) ?? 0))
    const membership = this.#plan.memberships.get(node)
    if (membership !== undefined) this.#memberships.push({ syntax: membership, needleLength: 0 })
    try {
      const value = isIdentifier(node) ? this.#lookUp(node.value, scope) : super.evaluate(node, scope)
      this.#inspect(node, value)
      // Python loops over what is not there as over nothing.
      if (value.type === 'UndefinedValue' && this.#plan.iterated.has(node)) return this.#nothing
      return this.#plan.printed.has(node) ? this.#asPrinted(value) : value
    } finally {
      if (membership !== undefined) this.#memberships.pop()
      this.#budget.leave()
    }
  }

  /** The library's own look-up throws and catches an error for each name that is not there, which is slow. */
  #lookUp(name: string, scope: Scope): RuntimeValue {
    for (let at: Scope | undefined = scope; at !== undefined; at = at.parent) {
      const value = at.variables.get(name)
      if (value !== undefined) return value
    }
    return this.#missing
  }

  #inspect(node: Syntax, value: RuntimeValue): void {
    const budget = this.#budget
    const measure = this.#meter.measure(value)
    budget.check(measure.characters)
    if (node.type === 'Identifier') budget.spend(budget.depth / stepsPerScopeUnit)
    if (this.#plan.consumed.has(node) || makers.has(node.type)) budget.touch(measure.characters)
    if (this.#plan.iterated.has(node)) budget.spend(sizeOf(value) * unitsPerIteration)
    if (this.#plan.indented.has(node)) budget.check(measure.characters + measure.depthSum * maxFormatArgument)
    if (this.#plan.formatArguments.has(node)) this.#checkFormatArgument(value, measure.characters)
    if (this.#plan.receivers.has(node)) this.#adoptMethods(value)
    this.#chargeMembership(node, measure.characters)
  }

  #checkFormatArgument(value: RuntimeValue, characters: number): void {
    const numbers = [value, ...(childrenOf(value) ?? [])].map((item) => item.value)
    const tooWide = numbers.some((number) => typeof number === 'number' && number > maxFormatArgument)
    if (tooWide || characters > maxFormatArgument) throw exceeded(`formats with over ${maxFormatArgument} characters`)
  }

  #chargeMembership(node: Syntax, characters: number): void {
    const open = this.#memberships.at(-1)
    if (open?.syntax.needle === node) open.needleLength = characters
    else if (open?.syntax.haystack === node) this.#chargeSearch(characters, open.needleLength)
  }

  #chargeSearch(haystack: number, needle: number): void {
    this.#budget.touch(haystack * Math.max(1, Math.min(needle, haystack) / shortNeedle))
  }

  /** Makes a string's methods do as Python's, and checks the two that search before they run. */
  #adoptMethods(value: RuntimeValue): void {
    const text = value.value
    if (typeof text !== 'string' || this.#adopted.has(value)) return
    this.#adopted.add(value)
    for (const [name, method] of value.builtins) {
      if (name === 'length') method.value = codePointLength(text)
      if (!isFunctionValue(method)) continue
      const run = method.value
      if (name === 'replace' || name === 'split') {
        method.value = (args, scope) => {
          const [needle = '', replacement = ''] = args.map(textOf)
          this.#chargeSearch(text.length, needle.length)
          if (name === 'replace') this.#budget.check(replacedLength(text, needle, replacement))
          else this.#checkParts(needle === '' ? text.split(/\s+/, maxParts + 1).length : occurrences(text, needle) + 1)
          return run(args, scope)
        }
      }
      const change = pythonMethods.get(name)
      if (change !== undefined) method.value = (args) => stringValue(change(text, args.map(textOf)[0]))
    }
  }

  #checkParts(count: number): void {
    if (count > maxParts) throw exceeded(`splits a text into over ${maxParts} parts`)
    this.#budget.spend(count)
  }

  #asPrinted(value: RuntimeValue): RuntimeValue {
    const printed = printAsPython(value)
    return printed === undefined ? value : stringValue(printed)
  }
}

const pythonMethods = new Map<string, (text: string, characters: string | undefined) => string>([
  ['strip', (text, characters) => strip(text, 'both', characters)],
  ['lstrip', (text, characters) => strip(text, 'left', characters)],
  ['rstrip', (text, characters) => strip(text, 'right', characters)],
  ['capitalize', capitalize],
  ['title', titleCase],
])

/** The library keeps its value classes to itself; setting a variable makes one. */
function stringValue(text: string): RuntimeValue {
  return new Environment().set('text', text)
}

function textOf(value: RuntimeValue): string | undefined {
  return typeof value.value === 'string' ? value.value : undefined
}

function sizeOf(value: RuntimeValue): number {
  const inner = value.value
  if (Array.isArray(inner)) return inner.length
  return inner instanceof Map ? inner.size : 0
}

function replacedLength(text: string, needle: string, replacement: string): number {
  if (replacement.length <= needle.length) return text.length
  if (needle === '') return text.length + (text.length + 1) * replacement.length
  return text.length + occurrences(text, needle) * (replacement.length - needle.length)
}

function occurrences(text: string, needle: string): number {
  let count = 0
  for (let at = text.indexOf(needle); at >= 0; at = text.indexOf(needle, at + needle.length)) count++
  return count
}

function isIdentifier(node: Syntax): node is Syntax & { readonly value: string } {
  return node.type === 'Identifier'
}
