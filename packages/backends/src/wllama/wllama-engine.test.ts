import type { TokenGenerateOptions } from '@sampan/core/backend'
import { describe, expect, it } from 'vitest'
import { BackendError } from '../backend-error.ts'
import { type TokenRuntime, WllamaEngine } from './wllama-engine.ts'

// llama.cpp's place is taken by something whose next token is one more than the last: Node starts no Workers of browsers.
const VOCABULARY = 100
const CONTEXT = 32
const BATCH = 4

class CountingRuntime implements TokenRuntime {
  readonly vocabularySize = VOCABULARY
  readonly calls: string[] = []
  readonly crashed: Promise<BackendError>
  crash: (error: BackendError) => void = () => {}
  cache: number[] = []
  failNext = false
  cuts = true
  onDecode = (): void => {}

  constructor() {
    this.crashed = new Promise((resolve) => {
      this.crash = resolve
    })
  }

  async decode(tokens: readonly number[], wanted: boolean): Promise<void> {
    this.calls.push(`decode ${tokens.join(' ')}${wanted ? '' : ' …'}`)
    await Promise.resolve()
    this.cache.push(...tokens)
    this.onDecode()
    if (!this.failNext) return
    this.failNext = false
    throw new BackendError('backend-failed', 'no')
  }

  async best(): Promise<number> {
    return ((this.cache.at(-1) ?? 0) + 1) % VOCABULARY
  }

  async candidates(): Promise<readonly { token: number; p: number }[]> {
    return [{ token: await this.best(), p: 1 }]
  }

  async exceeds(): Promise<boolean> {
    throw new Error('no penalty here goes by the sign of logits')
  }

  async endProbes(): Promise<void> {}

  async keep(count: number): Promise<void> {
    this.calls.push(`keep ${count}`)
    if (count > 0 && !this.cuts) throw new BackendError('backend-failed', 'no')
    this.cache.length = count
  }

  exit(): void {
    this.calls.push('exit')
  }
}

function start(): { runtime: CountingRuntime; engine: WllamaEngine } {
  const runtime = new CountingRuntime()
  return { runtime, engine: new WllamaEngine(runtime, CONTEXT, BATCH) }
}

async function generate(
  engine: WllamaEngine,
  prompt: readonly number[],
  options: Partial<TokenGenerateOptions> = {},
  leaveAfter = 1e9,
): Promise<number[]> {
  const tokens: number[] = []
  const { signal } = new AbortController()
  const all = { maxTokens: 3, stopTokens: [], temperature: 0, topK: 0, topP: 1, minP: 0, signal, ...options }
  for await (const token of engine.generate(prompt, all)) if (tokens.push(token) >= leaveAfter) break
  return tokens
}

describe('WllamaEngine', () => {
  it('runs a prompt in batches, and wants logits after the last token only', async () => {
    const { runtime, engine } = start()
    expect(await generate(engine, [1, 2, 3, 4, 5, 6])).toEqual([7, 8, 9])
    expect(runtime.calls).toEqual(['decode 1 2 3 4 …', 'decode 5 6', 'decode 7', 'decode 8'])
  })

  it('keeps the longest common prefix, and runs the last token always', async () => {
    const { runtime, engine } = start()
    await generate(engine, [1, 2, 3])
    runtime.calls.length = 0
    await generate(engine, [1, 2, 3, 4, 5, 50], { maxTokens: 1 })
    expect(runtime.calls).toEqual(['decode 50'])
    runtime.calls.length = 0
    expect(await generate(engine, [1, 2, 3], { maxTokens: 1 })).toEqual([4])
    expect(runtime.calls).toEqual(['keep 2', 'decode 3'])
    runtime.calls.length = 0
    await generate(engine, [9], { maxTokens: 1 })
    expect(runtime.calls).toEqual(['keep 0', 'decode 9'])
    expect(runtime.cache).toEqual([9])
  })

  it('tells how much of the prompt was in the cache, and runs all of it again when asked to', async () => {
    const { runtime, engine } = start()
    const cached: number[] = []
    const onCached = (tokens: number): void => void cached.push(tokens, runtime.calls.length)
    await generate(engine, [1, 2, 3], { onCached })
    runtime.calls.length = 0
    await generate(engine, [1, 2, 3, 4, 50], { maxTokens: 1, onCached })
    runtime.calls.length = 0
    await generate(engine, [1, 2, 3, 4, 50], { maxTokens: 1, onCached, cachePrompt: false })
    expect(cached).toEqual([0, 0, 4, 1, 0, 1])
    expect(runtime.calls).toEqual(['keep 0', 'decode 1 2 3 4 …', 'decode 50'])
  })

  it("tells a token's chance before the token, and takes none after an abort", async () => {
    const { runtime, engine } = start()
    const controller = new AbortController()
    const seen: unknown[] = []
    const accepted: number[] = []
    const constraint = { allowed: () => undefined, free: () => 0, accept: (token: number) => void accepted.push(token) }
    const logprobs = { top: 0, take: (chosen: unknown) => void seen.push(chosen) }
    for await (const token of engine.generate([1], {
      ...{ maxTokens: 9, stopTokens: [], temperature: 0, topK: 0, topP: 1, minP: 0 },
      ...{ constraint, logprobs, signal: controller.signal },
    })) {
      expect(seen.at(-1)).toEqual({ token, logprob: 0, top: [] })
      seen.push(token)
      if (token === 3) {
        // The chances of the next are being read when it comes.
        runtime.candidates = async () => {
          controller.abort(new Error('enough'))
          return [{ token: 4, p: 1 }]
        }
        break
      }
    }
    expect(accepted).toEqual([2, 3])
    const more = generate(engine, [1], { constraint, logprobs, signal: controller.signal })
    await expect(more).rejects.toThrow('enough')
    expect(accepted).toEqual([2, 3])
  })

  it.each<Partial<TokenGenerateOptions>>([
    { repetitionPenalty: 0 },
    { repetitionPenalty: Number.NaN },
    { repetitionPenalty: 11 },
    { presencePenalty: Number.POSITIVE_INFINITY },
    { frequencyPenalty: Number.NaN },
    { logitBias: [[VOCABULARY, 1]] },
    { logitBias: [[1.5, 1]] },
    { logitBias: [[1, Number.NEGATIVE_INFINITY]] },
    { logprobs: { top: 21, take: () => {} } },
    { logprobs: { top: 0.5, take: () => {} } },
    { answered: 1 },
    { answered: -1 },
    { answered: Number.NaN },
  ])('refuses %j', async (options) => {
    const { runtime, engine } = start()
    await expect(generate(engine, [1], options)).rejects.toMatchObject({ code: 'option-invalid' })
    expect(runtime.calls).toEqual([])
  })

  it('yields the stop token last, and ends where the context is full', async () => {
    const { engine } = start()
    expect(await generate(engine, [1], { maxTokens: 99, stopTokens: [4, 3] })).toEqual([2, 3])
    expect(await generate(engine, [1], { maxTokens: 99 })).toHaveLength(CONTEXT)
  })

  it('stops within one batch or token when aborted, and goes on from what the cache holds', async () => {
    const { runtime, engine } = start()
    const controller = new AbortController()
    runtime.onDecode = () => controller.abort(new Error('enough'))
    await expect(generate(engine, [1, 2, 3, 4, 5, 6], { signal: controller.signal })).rejects.toThrow('enough')
    expect(runtime.calls).toEqual(['decode 1 2 3 4 …'])
    runtime.onDecode = () => {}
    expect(await generate(engine, [1, 2, 3, 4, 5, 6], { maxTokens: 1 })).toEqual([7])
    expect(runtime.calls.slice(1)).toEqual(['decode 5 6'])
    await generate(engine, [1, 2, 3, 4, 5, 6], {}, 1)
    expect(await generate(engine, [1], { maxTokens: 1 })).toEqual([2])
  })

  it('lets a second call wait for the first, and pass when it is aborted', async () => {
    const { runtime, engine } = start()
    const controller = new AbortController()
    const [first, second, third] = [
      generate(engine, [1, 2]),
      generate(engine, [50], { signal: controller.signal }),
      generate(engine, [70], { maxTokens: 1 }),
    ]
    const failure = expect(second).rejects.toThrow('gone')
    controller.abort(new Error('gone'))
    expect(await first).toEqual([3, 4, 5])
    await failure
    expect(await third).toEqual([71])
    expect(runtime.calls.join()).not.toContain('50')
  })

  it('begins anew where the cache cannot be cut', async () => {
    const { runtime, engine } = start()
    await generate(engine, [1, 2, 3])
    runtime.cuts = false
    expect(await generate(engine, [1, 2, 50], { maxTokens: 1 })).toEqual([51])
    expect(runtime.cache).toEqual([1, 2, 50])
  })

  it('trusts nothing of the cache after a failure', async () => {
    const { runtime, engine } = start()
    await generate(engine, [1, 2, 3])
    runtime.failNext = true
    await expect(generate(engine, [1, 2, 3, 9])).rejects.toMatchObject({ code: 'backend-failed' })
    expect(runtime.cache).toEqual([])
    expect(await generate(engine, [1, 2, 3], { maxTokens: 1 })).toEqual([4])
    expect(runtime.cache).toEqual([1, 2, 3])
  })

  it.each([
    [[], 'option-invalid'],
    [[1, VOCABULARY], 'token-out-of-range'],
    [[-1], 'token-out-of-range'],
    [[1.5], 'token-out-of-range'],
    [Array.from({ length: CONTEXT + 1 }, () => 1), 'context-length-exceeded'],
  ])('refuses the prompt %j', async (prompt, code) => {
    const { runtime, engine } = start()
    await expect(generate(engine, prompt)).rejects.toMatchObject({ code })
    expect(runtime.calls).toEqual([])
  })

  it('is done for when it is disposed of, which is no loss', async () => {
    const { runtime, engine } = start()
    let lost = false
    engine.lost.then(() => {
      lost = true
    })
    await engine.dispose()
    runtime.crash(new BackendError('model-disposed', 'x'))
    await expect(generate(engine, [1])).rejects.toMatchObject({ code: 'model-disposed' })
    expect(runtime.calls).toEqual(['exit'])
    expect(lost).toBe(false)
  })

  it('tells when llama.cpp dies', async () => {
    const { runtime, engine } = start()
    runtime.crash(new BackendError('backend-failed', 'llama.cpp stopped'))
    expect(await engine.lost).toMatchObject({ code: 'backend-failed' })
  })
})
