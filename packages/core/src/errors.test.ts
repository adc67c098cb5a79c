import { EngineError, type EngineErrorCode } from '@sampan/engine'
import { TextError, type TextErrorCode } from '@sampan/text'
import { describe, expect, expectTypeOf, it } from 'vitest'
import type { SampanErrorCode } from './error-codes.ts'
import { SampanError } from './errors.ts'

describe('SampanError', () => {
  it('knows the codes of every package', () => {
    expectTypeOf<EngineErrorCode>().toExtend<SampanErrorCode>()
    expectTypeOf<TextErrorCode>().toExtend<SampanErrorCode>()
  })

  it('recognises errors of every package and nothing else', () => {
    expect(SampanError.isInstance(new SampanError('source-invalid', 'x'))).toBe(true)
    expect(SampanError.isInstance(new EngineError('file-malformed', 'x'))).toBe(true)
    expect(SampanError.isInstance(new TextError('template-failed', 'x'))).toBe(true)
    for (const other of [new Error('x'), new DOMException('x', 'AbortError'), { code: 'internal' }, null, 'internal'])
      expect(SampanError.isInstance(other)).toBe(false)
  })
})
