import { describe, expect, it } from 'vitest'
import { keptOptions, namesAdapter, readOptions, withOptionsOf } from './source-options.ts'

describe('options that are kept', () => {
  it('are those without the token', () => {
    const options = { hub: 'modelscope', token: 'hf_secret', adapter: 'o/a' }
    expect(keptOptions(options)).toEqual({ hub: 'modelscope', adapter: 'o/a' })
    expect(keptOptions({ token: 'hf_secret' })).toBeUndefined()
    expect(readOptions(structuredClone(keptOptions(options)))).toEqual({ hub: 'modelscope', adapter: 'o/a' })
  })

  it.each([[undefined], [null], ['modelscope'], [{ hub: 1 }], [{ token: 'hf_secret' }]])(
    'are none where %j was kept',
    (kept) => expect(readOptions(kept)).toBeUndefined(),
  )
})

it('what is offered in place of a model comes from the same hub, for the same visitor', () => {
  const options = { hub: 'modelscope', token: 'hf_secret' }
  expect(withOptionsOf({ address: 'o/smaller' }, { options })).toEqual({ address: 'o/smaller', options })
  expect(withOptionsOf({ address: 'o/smaller' }, {})).toEqual({ address: 'o/smaller' })
})

it.each([
  ['o/a', 'o/a', true],
  ['O/A', 'o/a', true],
  ['https://a.example/lora/?key=secret', 'https://a.example/lora', true],
  ['o/a', 'o/a-base', false],
  [undefined, 'o/a', false],
])('whether the adapter %s is what is asked for by %s: %s', (adapter, asked, is) => {
  expect(namesAdapter(asked, adapter === undefined ? {} : { adapter })).toBe(is)
})
