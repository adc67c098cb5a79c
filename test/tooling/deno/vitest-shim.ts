// What the kernel tests use of Vitest, for a runtime that Vitest does not run in. The expectations are Vitest's own.
import {
  ASYMMETRIC_MATCHERS_OBJECT,
  addCustomEqualityTesters,
  chai,
  type ExpectStatic,
  GLOBAL_EXPECT,
  getState,
  JestAsymmetricMatchers,
  JestChaiExpect,
  JestExtend,
  setState,
} from '@vitest/expect'

type Body = () => unknown

interface Case {
  readonly name: string
  readonly body: Body
}

/** Tests and hooks between a `describe` and its end, in the order written. */
interface Group {
  readonly name: string
  readonly parent: Group | undefined
  readonly steps: (Case | Group)[]
  readonly beforeAll: Body[]
  readonly afterAll: Body[]
  readonly beforeEach: Body[]
  readonly afterEach: Body[]
}

function makeGroup(name: string, parent?: Group): Group {
  return { name, parent, steps: [], beforeAll: [], afterAll: [], beforeEach: [], afterEach: [] }
}

let current = makeGroup('')

function enterGroup(name: string, body: Body): void {
  const group = makeGroup(name, current)
  current.steps.push(group)
  current = group
  try {
    body()
  } finally {
    current = group.parent ?? makeGroup('')
  }
}

/** What `skip` gives: takes the same calls and registers nothing. */
const skip = Object.assign((..._: readonly unknown[]): void => undefined, {
  each:
    (_: readonly unknown[]) =>
    (..._rest: readonly unknown[]): void =>
      undefined,
})

const describeOnly = Object.assign((name: string, body: () => void) => enterGroup(name, body), {
  each: (cases: readonly unknown[]) => eachOf(cases, enterGroup),
})
export const describe = Object.assign(describeOnly, {
  skip,
  skipIf: (condition: boolean) => (condition ? skip : describeOnly),
  runIf: (condition: boolean) => (condition ? describeOnly : skip),
})

function register(name: string, ...rest: readonly unknown[]): void {
  const body = rest.find((part): part is Body => typeof part === 'function')
  if (!body) throw new TypeError(`the test ${name} has no body`)
  current.steps.push({ name, body })
}

function formatName(name: string, values: readonly unknown[], index: number): string {
  const [first] = values
  let next = 0
  return name
    .replace(/%[sdifjo]/g, () =>
      String(typeof values[next] === 'object' ? JSON.stringify(values[next++]) : values[next++]),
    )
    .replace(/%#/g, String(index))
    .replace(/\$(\w+)/g, (_, key: string) =>
      String(typeof first === 'object' && first !== null ? Object.getOwnPropertyDescriptor(first, key)?.value : first),
    )
}

function eachOf(cases: readonly unknown[], add: (name: string, body: Body) => void) {
  return (name: string, ...rest: readonly unknown[]): void => {
    const body = rest.find((part): part is (...values: unknown[]) => unknown => typeof part === 'function')
    if (!body) throw new TypeError(`${name} has no body`)
    cases.forEach((entry, index) => {
      const values: unknown[] = Array.isArray(entry) ? entry : [entry]
      add(formatName(name, values, index), () => body(...values))
    })
  }
}

const itOnly = Object.assign((name: string, ...rest: readonly unknown[]) => register(name, ...rest), {
  each: (cases: readonly unknown[]) => eachOf(cases, register),
})
export const it = Object.assign(itOnly, {
  skip,
  skipIf: (condition: boolean) => (condition ? skip : itOnly),
  runIf: (condition: boolean) => (condition ? itOnly : skip),
})
export const test = it

export const beforeAll = (body: Body): void => void current.beforeAll.push(body)
export const afterAll = (body: Body): void => void current.afterAll.push(body)
export const beforeEach = (body: Body): void => void current.beforeEach.push(body)
export const afterEach = (body: Body): void => void current.afterEach.push(body)

export const expect = makeExpect()

function makeExpect(): ExpectStatic {
  chai.use(JestExtend)
  chai.use(JestChaiExpect)
  chai.use(JestAsymmetricMatchers)
  const bare = (value: unknown, message?: string) => chai.expect(value, message)
  const made: ExpectStatic = Object.assign(bare, chai.expect, Reflect.get(globalThis, ASYMMETRIC_MATCHERS_OBJECT), {
    getState: () => getState(made),
    setState: (state: object) => setState(state, made),
    addEqualityTesters: addCustomEqualityTesters,
    assert: chai.assert,
  })
  Reflect.set(globalThis, GLOBAL_EXPECT, made)
  return made
}

export interface Outcome {
  readonly name: string
  readonly failure?: string
}

/** Runs what was registered since the last call. */
export async function runRegistered(onOutcome: (outcome: Outcome) => void): Promise<void> {
  const group = current
  current = makeGroup('')
  await runGroup(group, '', [], [], onOutcome)
}

async function runGroup(
  group: Group,
  prefix: string,
  before: readonly Body[],
  after: readonly Body[],
  onOutcome: (outcome: Outcome) => void,
): Promise<void> {
  const name = [prefix, group.name].filter((part) => part !== '').join(' > ')
  const [each, done] = [
    [...before, ...group.beforeEach],
    [...group.afterEach, ...after],
  ]
  const prepared = await attempt(`${name} > beforeAll`, group.beforeAll)
  if (prepared.failure !== undefined) onOutcome(prepared)
  else {
    for (const step of group.steps) {
      if ('steps' in step) await runGroup(step, name, each, done, onOutcome)
      else {
        const title = name === '' ? step.name : `${name} > ${step.name}`
        const outcome = await attempt(title, [...each, step.body])
        const cleaned = await attempt(title, done)
        onOutcome(outcome.failure === undefined ? cleaned : outcome)
      }
    }
  }
  const ended = await attempt(`${name} > afterAll`, group.afterAll)
  if (ended.failure !== undefined) onOutcome(ended)
}

async function attempt(name: string, bodies: readonly Body[]): Promise<Outcome> {
  try {
    for (const body of bodies) await body()
    return { name }
  } catch (error) {
    return { name, failure: error instanceof Error ? (error.stack ?? error.message) : String(error) }
  }
}
