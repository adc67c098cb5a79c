import { TextError } from '../errors.ts'
import type { Syntax } from './runtime-value.ts'

/** Which syntax nodes need watching while a template runs, found once per template. */
export interface SyntaxPlan {
  /** Read as a whole by what is around them: printed, joined, compared, filtered or passed on. */
  readonly consumed: ReadonlySet<Syntax>
  /** Printed as they are. */
  readonly printed: ReadonlySet<Syntax>
  /** Loop iterables. */
  readonly iterated: ReadonlySet<Syntax>
  /** What has a string method of `adoptedMethods` called on it, or may have. */
  readonly receivers: ReadonlySet<Syntax>
  /** Arguments of `join`, `indent` and `tojson`: separators and widths. */
  readonly formatArguments: ReadonlySet<Syntax>
  /** Operands of a `tojson` that indents. */
  readonly indented: ReadonlySet<Syntax>
  /** `needle in haystack`. */
  readonly memberships: ReadonlyMap<Syntax, Membership>
  /** Nodes that a macro declaration looks through each time it is reached. */
  readonly macroSizes: ReadonlyMap<Syntax, number>
}

export interface Membership {
  readonly needle: Syntax
  readonly haystack: Syntax
}

const formattingFilters = new Set(['join', 'indent', 'tojson'])
/** String methods that are checked before they run, or made to do as Python's. */
const adoptedMethods = new Set(['replace', 'split', 'strip', 'lstrip', 'rstrip', 'capitalize', 'title', 'length'])
const statements = new Set([
  'If',
  'For',
  'Set',
  'Macro',
  'CallStatement',
  'FilterStatement',
  'Break',
  'Continue',
  'Comment',
])

/** @throws TextError `template-unsupported` */
export function planSyntax(program: Syntax): SyntaxPlan {
  const planner = new SyntaxPlanner()
  planner.visit(program)
  return planner
}

class SyntaxPlanner implements SyntaxPlan {
  readonly consumed = new Set<Syntax>()
  readonly printed = new Set<Syntax>()
  readonly iterated = new Set<Syntax>()
  readonly receivers = new Set<Syntax>()
  readonly formatArguments = new Set<Syntax>()
  readonly indented = new Set<Syntax>()
  readonly memberships = new Map<Syntax, Membership>()
  readonly macroSizes = new Map<Syntax, number>()

  /** Returns the number of nodes at and under `node`. */
  visit(node: Syntax): number {
    this.#note(node)
    let size = 1
    for (const [key, child] of fieldsOf(node)) {
      if ((key === 'body' || key === 'alternate' || key === 'defaultBlock') && !statements.has(child.type)) {
        this.consumed.add(child)
        this.printed.add(child)
      }
      size += this.visit(child)
    }
    if (node.type === 'Macro' || node.type === 'CallStatement') this.macroSizes.set(node, size)
    return size
  }

  #note(node: Syntax): void {
    const field = (name: string): Syntax | undefined => fieldsOf(node).find(([key]) => key === name)?.[1]
    const consume = (name: string): void => {
      for (const [key, child] of fieldsOf(node)) if (key === name) this.consumed.add(argumentValue(child))
    }
    for (const name of ['operand', 'left', 'right', 'args', 'argument']) consume(name)
    if (node.type === 'For') {
      const iterable = field('iterable')
      const list =
        iterable?.type === 'SelectExpression' ? fieldsOf(iterable).find(([key]) => key === 'lhs')?.[1] : iterable
      if (list !== undefined) this.iterated.add(list)
    } else if (node.type === 'BinaryExpression') {
      const [needle, haystack] = [field('left'), field('right')]
      const operator = textOf(attribute(node, 'operator'), 'value')
      if (operator === '~') for (const side of [needle, haystack]) if (side !== undefined) this.printed.add(side)
      const tests = operator === 'in' || operator === 'not in'
      if (tests && needle !== undefined && haystack !== undefined) this.memberships.set(node, { needle, haystack })
    } else if (node.type === 'MemberExpression') this.#noteMember(node, field('object'), field('property'))
    else if (node.type === 'FilterExpression') this.#noteFilter(field('operand'), field('filter'))
    else if (node.type === 'FilterStatement' && field('filter')?.type === 'CallExpression') {
      throw new TextError(
        'template-unsupported',
        'The chat template has a {% filter %} block with arguments, which is not supported.',
      )
    }
  }

  #noteMember(node: Syntax, object: Syntax | undefined, property: Syntax | undefined): void {
    if (object === undefined) return
    const computed = attribute(node, 'computed') === true
    if (computed || adoptedMethods.has(textOf(property, 'value'))) this.receivers.add(object)
    if (property?.type === 'SliceExpression') this.consumed.add(object)
  }

  #noteFilter(operand: Syntax | undefined, filter: Syntax | undefined): void {
    if (operand === undefined || filter === undefined) return
    const calls = filter.type === 'CallExpression'
    const name = textOf(calls ? attribute(filter, 'callee') : filter, 'value')
    if (adoptedMethods.has(name)) this.receivers.add(operand)
    if (!calls) return
    if (name === 'tojson') this.indented.add(operand)
    if (!formattingFilters.has(name)) return
    for (const [key, argument] of fieldsOf(filter))
      if (key === 'args') this.formatArguments.add(argumentValue(argument))
  }
}

/** What an argument stands for, without its keyword or star. */
function argumentValue(argument: Syntax): Syntax {
  const wrapped =
    argument.type === 'KeywordArgumentExpression' ? attribute(argument, 'value') : attribute(argument, 'argument')
  const wraps = argument.type.endsWith('SpreadExpression') || argument.type === 'KeywordArgumentExpression'
  return wraps && isSyntax(wrapped) ? wrapped : argument
}

/** The child nodes with the names of the fields that hold them; lists and maps of nodes are flattened. */
function fieldsOf(node: Syntax): readonly (readonly [string, Syntax])[] {
  return Object.entries(node).flatMap(([key, value]) => nodesIn(value).map((child) => [key, child] as const))
}

function nodesIn(value: unknown): readonly Syntax[] {
  if (isSyntax(value)) return [value]
  if (Array.isArray(value)) return value.filter(isSyntax)
  return value instanceof Map ? [...value].flat().filter(isSyntax) : []
}

function isSyntax(value: unknown): value is Syntax {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string'
}

function attribute(node: object | undefined, name: string): unknown {
  return node === undefined ? undefined : Object.entries(node).find(([key]) => key === name)?.[1]
}

function textOf(node: unknown, name: string): string {
  const value = typeof node === 'object' && node !== null ? attribute(node, name) : undefined
  return typeof value === 'string' ? value : ''
}
