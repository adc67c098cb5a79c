import { describe, expect, it } from 'vitest'
import { findRecord } from './catalogue.ts'
import { explainRequestFailure } from './explain-request-failure.ts'

describe("web-llm's catalogue", () => {
  it('has the small Qwens', () => {
    expect(findRecord('Qwen3-0.6B-q4f32_1-MLC')).toMatchObject({ model_id: 'Qwen3-0.6B-q4f32_1-MLC' })
  })

  it.each(['qwen3-0.6b-q4f32_1-mlc', 'Qwen3-0.6B', 'snowflake-arctic-embed-s-q0f32-MLC-b4', ''])(
    'does not have "%s"',
    (id) => {
      expect(() => findRecord(id)).toThrowError(expect.objectContaining({ code: 'model-unknown' }))
    },
  )
})

describe("web-llm's errors", () => {
  it("get Sampan's codes by their names", () => {
    const named = (name: string, message: string): Error => Object.assign(new Error(message), { name })
    const long =
      'Prompt tokens exceed context window size: number of prompt tokens: 5000; context window size: 4096\nConsider'
    expect(explainRequestFailure(named('ContextWindowSizeExceededError', long))).toMatchObject({
      code: 'context-length-exceeded',
      details: { promptTokens: 5000, contextLength: 4096 },
    })
    expect(explainRequestFailure(named('MessageOrderError', 'x'))).toMatchObject({ code: 'request-invalid' })
    expect(explainRequestFailure(named('ModelNotLoadedError', 'x'))).toMatchObject({ code: 'device-lost' })
    expect(explainRequestFailure('odd')).toMatchObject({ code: 'backend-failed' })
  })
})
