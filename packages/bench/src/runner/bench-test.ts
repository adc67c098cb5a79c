/** What is measured, named as llama-bench does: `pp512` is the prefill of 512 tokens, `tg128` the generation of 128. */
export interface BenchTest {
  readonly kind: 'prefill' | 'decode'
  readonly tokens: number
}

const NAME = /^(pp|tg)([1-9]\d{0,5})$/

export function testName({ kind, tokens }: BenchTest): string {
  return `${kind === 'prefill' ? 'pp' : 'tg'}${tokens}`
}

/** Undefined for what is no name of a test. */
export function readTestName(name: string): BenchTest | undefined {
  const [, kind, tokens] = NAME.exec(name) ?? []
  if (kind === undefined) return undefined
  return { kind: kind === 'pp' ? 'prefill' : 'decode', tokens: Number(tokens) }
}

/** Tokens of context that a test needs. One more is generated than counts: time runs from the first token. */
export function contextOf({ kind, tokens }: BenchTest, depth: number): number {
  return kind === 'prefill' ? depth + tokens + 1 : Math.max(depth, 1) + tokens + 1
}
