import { describe, expect, it } from 'vitest'
import { modelName, sidesOf, suiteFromQuery, suiteNamed } from './run-plan.ts'

const asked = (query: string) => suiteFromQuery(new URLSearchParams(query))

describe('what an address asks for', () => {
  it('tests, depths and samples of one’s own', () => {
    expect(asked('test=pp16,tg8&depth=0,64&samples=2')).toMatchObject({
      mostSamples: 2,
      suite: {
        name: 'custom',
        tests: [
          { test: 'pp16', depth: 0 },
          { test: 'tg8', depth: 0 },
          { test: 'pp16', depth: 64 },
          { test: 'tg8', depth: 64 },
        ],
        minimum: { samples: 2, ms: 0 },
      },
    })
  })

  it('a suite by its name', () => {
    expect(asked('suite=depth')).toEqual(suiteNamed('depth'))
  })

  it.each(['', 'test=', 'test=<script>', 'test=tg0', 'suite=everything', 'samples=3'])('%j: nothing', (query) => {
    expect(asked(query)).toBeUndefined()
  })

  it('no more than a page can do', () => {
    const depths = Array.from({ length: 100 }, (_, index) => index).join(',')
    expect(asked(`test=tg8&depth=${depths}`)?.suite.tests).toHaveLength(20)
    expect(asked('test=tg8&depth=99999999')?.suite.tests).toEqual([{ test: 'tg8', depth: 0 }])
    expect(asked('test=tg8&samples=100000')?.suite.minimum.samples).toBe(10)
  })
})

describe('sides', () => {
  it('Pocket first, each model on each engine', () => {
    const sides = sidesOf({ ...suiteNamed('quick'), model: 'a/b:c-q4.gguf', wllama: true })
    expect(sides.map(({ engine, model }) => [engine, model.name])).toEqual([
      ['sampan', 'Pocket'],
      ['wllama', 'Pocket'],
      ['sampan', 'c-q4'],
      ['wllama', 'c-q4'],
    ])
  })

  it.each([
    ['Qwen/Qwen3-0.6B', 'Qwen3-0.6B'],
    ['https://a.example/m/Model.Q8_0.GGUF?download=1', 'Model.Q8_0'],
    ['///', '///'],
  ])('%s is called %s', (source, name) => {
    expect(modelName(source)).toBe(name)
  })
})
