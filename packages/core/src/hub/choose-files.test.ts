import { describe, expect, it } from 'vitest'
import { chooseFiles } from './choose-files.ts'

const choose = (...paths: readonly string[]) =>
  chooseFiles(
    'org/name',
    paths.map((path) => ({ path })),
    undefined,
  )

describe('of a repository of GGUF files', () => {
  it.each<[string, readonly string[], readonly string[]]>([
    ['four bits, of many', ['m-Q2_K.gguf', 'm-Q4_K_M.gguf', 'm-Q4_K_S.gguf', 'm-Q8_0.gguf'], ['m-Q4_K_M.gguf']],
    ['names in small letters', ['m.q8_0.gguf', 'm.q4_k_m.gguf', 'm.q3_k_l.gguf'], ['m.q4_k_m.gguf']],
    [
      'those made with a matrix',
      ['m.i1-IQ2_M.gguf', 'm.i1-Q4_K_M.gguf', 'm.i1-Q4_K_S.gguf', 'imatrix.dat'],
      ['m.i1-Q4_K_M.gguf'],
    ],
    ['what comes nearest', ['m-IQ4_XS.gguf', 'm-Q4_K_L.gguf', 'm-Q6_K.gguf'], ['m-Q4_K_L.gguf']],
    ['one that runs on any machine', ['m-Q4_0_4_4.gguf', 'm-Q4_0.gguf', 'm-Q4_0_8_8.gguf'], ['m-Q4_0.gguf']],
    ['fewer bits than all', ['m-F16.gguf', 'm-Q8_0.gguf', 'm-BF16.gguf'], ['m-Q8_0.gguf']],
    ['the only one', ['m-IQ4_XS.gguf', 'README.md', 'config.json'], ['m-IQ4_XS.gguf']],
    ['all bits, and an encoder of pictures', ['m-BF16.gguf', 'mmproj-BF16.gguf', 'm.imatrix.gguf'], ['m-BF16.gguf']],
    [
      'a folder for each format',
      [1, 2].flatMap((part) => [`Q4_K_M/m-0000${part}-of-00002.gguf`, `Q8_0/m-0000${part}-of-00002.gguf`]),
      ['Q4_K_M/m-00001-of-00002.gguf', 'Q4_K_M/m-00002-of-00002.gguf'],
    ],
    [
      'not the dynamic one, of which nobody knows',
      ['m-UD-Q4_K_XL.gguf', 'm-Q4_K_M.gguf', 'm-UD-Q4_K_M.gguf'],
      ['m-Q4_K_M.gguf'],
    ],
    ['a model whose name says a format', ['Q8_0-fan-F16.gguf', 'Q8_0-fan-Q5_K_M.gguf'], ['Q8_0-fan-Q5_K_M.gguf']],
  ])('%s is taken', (_, paths, expected) => {
    const chosen = choose(...paths)
    expect(chosen.format === 'gguf' && chosen.weights.map(({ path }) => path)).toEqual(expected)
  })

  it.each<[string, readonly string[]]>([
    ['of two models', ['a-Q4_K_M.gguf', 'b-Q4_K_M.gguf', 'b-Q8_0.gguf']],
    ['none that the GPU reads', ['m-IQ2_M.gguf', 'm-Q2_K.gguf', 'm-Q3_K_M.gguf']],
    ['dynamic ones only', ['m-UD-Q4_K_XL.gguf', 'm-UD-Q2_K_XL.gguf']],
  ])('%s, one is to be named', (_, paths) => {
    expect(() => choose(...paths)).toThrow(
      expect.objectContaining({ code: 'source-ambiguous', message: expect.stringContaining(`org/name:${paths[0]}`) }),
    )
  })

  it.each<[string, readonly string[], RegExp]>([
    ['encoders of pictures only', ['mmproj-F16.gguf'], /name another repository/],
    ['PyTorch only', ['config.json', 'pytorch_model.bin'], /pytorch_model\.bin is a format/],
    ['a part is missing', ['m-00001-of-00002.gguf'], /has no file m-00002-of-00002\.gguf/],
    ['an adapter', ['adapter_config.json', 'adapter_model.safetensors'], /as one of its adapters/],
  ])('%s: an error that says so', (_, paths, message) => {
    expect(() => choose(...paths)).toThrow(
      expect.objectContaining({ code: 'source-not-found', message: expect.stringMatching(message) }),
    )
  })
})

it('takes safetensors before GGUF files beside them', () => {
  expect(choose('config.json', 'model.safetensors', 'm-Q4_K_M.gguf')).toEqual({ format: 'safetensors', folder: '' })
})

describe('a repository with models in folders', () => {
  const folders = ['checkpoint-10/config.json', 'checkpoint-10/a.safetensors', 'checkpoint-20/config.json']
  const files = [...folders, 'checkpoint-20/a.safetensors', 'q/m-Q8_0.gguf', 'q/m-Q4_0.gguf'].map((path) => ({ path }))

  it('tells which there are', () => {
    const without = files.filter(({ path }) => !path.endsWith('.gguf'))
    expect(() => chooseFiles('org/name', without, undefined)).toThrow(/in checkpoint-10\/, checkpoint-20\/: name one/)
  })

  it('gives the one that is named', () => {
    expect(chooseFiles('org/name', files, 'checkpoint-20/')).toEqual({
      format: 'safetensors',
      folder: 'checkpoint-20/',
    })
    expect(chooseFiles('org/name', files, 'q/')).toEqual({ format: 'gguf', weights: [{ path: 'q/m-Q4_0.gguf' }] })
    expect(() => chooseFiles('org/name', files, 'checkpoint-30/')).toThrow(/holds neither/)
  })
})
