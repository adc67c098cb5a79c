import type { Environment, Interpreter } from '@huggingface/jinja'

export type RuntimeValue = ReturnType<Interpreter['evaluate']>
export type FunctionValue = Extract<RuntimeValue, { value: (...args: never[]) => unknown }>
export type Syntax = NonNullable<Parameters<Interpreter['evaluate']>[0]>
export type Scope = Environment

export function isFunctionValue(value: RuntimeValue): value is FunctionValue {
  return value.type === 'FunctionValue'
}

/** The values directly inside a list, mapping or namespace; `undefined` for anything else. */
export function childrenOf(value: RuntimeValue): Iterable<RuntimeValue> | undefined {
  const inner = value.value
  if (Array.isArray(inner)) return inner
  return inner instanceof Map ? inner.values() : undefined
}

/** The characters of a mapping's keys; zero for anything else. */
export function keyLength(value: RuntimeValue): number {
  let length = 0
  if (value.value instanceof Map) for (const key of value.value.keys()) length += key.length
  return length
}

export function isNamespace(value: RuntimeValue): boolean {
  return value.type === 'NamespaceValue'
}
