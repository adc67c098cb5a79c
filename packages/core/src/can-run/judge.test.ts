import { describe, expect, it } from 'vitest'
import { huggingFace } from '../hub/hubs.ts'
import type { Verdict } from './can-run-types.ts'
import { catalogue } from './catalogue.ts'
import type { CrashMark } from './crash-mark.ts'
import type { AdapterFacts, Facts, Kept, ModelFacts, Needs } from './facts.ts'
import { judge } from './judge.ts'

const MB = 1_000_000
const needs = (bytes: number, fullBytes = bytes): Needs => ({
  ...{ kind: 'needs', bytes, fullBytes, contextLength: 4096, quantization: '4 bits' },
})
const tooLarge: Needs = {
  kind: 'failure',
  failure: { code: 'device-limit-exceeded', message: 'Too large.', details: { needed: 2, limit: 1 } },
}
const absent: Kept = { cachedBytes: 0, downloadBytes: 1500 * MB, roomBytes: 500 * MB }
const cached: Kept = { cachedBytes: 500 * MB, downloadBytes: 0 }

const safetensors: ModelFacts = {
  ...{ name: 'org/model', key: 'hub/org/model@main', format: 'safetensors', architecture: 'qwen3', local: false },
  ...{ about: { licence: 'mit' }, revision: 'c0ffee', totalBytes: 1500 * MB },
  sampan: { needs: needs(500 * MB), kept: absent },
}
const gguf: ModelFacts = {
  ...safetensors,
  ...{ name: 'org/model:m.gguf', format: 'gguf', wllama: { needs: needs(600 * MB), kept: absent } },
}
const good: Facts = {
  hub: huggingFace,
  ...{
    wish: 'auto',
    model: safetensors,
    gpu: 'hardware',
    secure: true,
    store: { kind: 'opfs', freeBytes: 10_000 * MB },
  },
  ...{ online: true, connection: { cost: 'unknown', saveData: false }, crashes: [], alternatives: [] },
}
const phone = { device: 'phones', comfortable: 450 * MB, most: 900 * MB }
const crash: CrashMark = {
  ...{ key: 'hub/org/model@main', name: 'org/model', processor: 'gpu', bytes: 500 * MB, at: 0, times: 1 },
}
const onCpu: CrashMark = { ...crash, processor: 'cpu' }
const sized = (bytes: number): ModelFacts => ({ ...safetensors, sampan: { needs: needs(bytes), kept: absent } })
const kept = (kept: Kept): ModelFacts => ({ ...safetensors, sampan: { needs: needs(500 * MB), kept } })

/** `code!` blocks, `code` warns. */
const codes = ({ reasons }: Verdict): string =>
  reasons.map(({ code, severity }) => (severity === 'blocks' ? `${code}!` : code)).join(' ')

describe('judge', () => {
  it('tells what a model costs', () => {
    expect(judge(good)).toEqual({
      ...{ ok: true, backend: 'sampan', downloadBytes: 1500 * MB, cachedBytes: 0, gpuBytes: 500 * MB },
      ...{ gpuBytesAtFullContext: 500 * MB, contextLength: 4096, architecture: 'qwen3', quantization: '4 bits' },
      ...{ about: { licence: 'mit' }, revision: 'c0ffee', alternatives: [] },
      reasons: [
        {
          ...{ code: 'download-needed', severity: 'warns', details: { bytes: 1500 * MB, cachedBytes: 0 } },
          message: expect.stringContaining(
            "1.5 GB are to be downloaded: ask the visitor, then load with `download: 'allow'`",
          ),
        },
      ],
    })
    expect(judge({ ...good, model: kept(cached) })).toMatchObject({
      ok: true,
      downloadBytes: 0,
      cachedBytes: 500 * MB,
      reasons: [],
    })
  })

  it.each<[string, Partial<Facts>, string, Verdict['backend']]>([
    ['a file from disk', { model: { ...safetensors, local: true }, online: false }, '', 'sampan'],
    ['no connection', { online: false }, 'offline! download-needed', 'sampan'],
    ['no connection and no need of one', { online: false, model: kept(cached) }, '', 'sampan'],
    [
      'a paid connection',
      { connection: { cost: 'metered', saveData: false, type: 'cellular' } },
      'download-needed metered',
      'sampan',
    ],
    [
      'a paid connection that is not used',
      { connection: { cost: 'metered', saveData: true }, model: kept(cached) },
      '',
      'sampan',
    ],
    ['no room', { store: { kind: 'opfs', freeBytes: 499 * MB } }, 'quota! download-needed', 'sampan'],
    ['just enough room', { store: { kind: 'opfs', freeBytes: 500 * MB } }, 'download-needed', 'sampan'],
    ['a browser that does not tell', { store: { kind: 'cache-storage' } }, 'download-needed', 'sampan'],
    ['a private window', { store: { kind: 'memory', freeBytes: 1 } }, 'download-needed storage-not-kept', 'sampan'],
    [
      'other bits',
      { model: { ...safetensors, otherBits: { bits: 8 } } },
      'other-bits-cached download-needed',
      'sampan',
    ],

    ['no GPU', { gpu: 'none' }, 'no-webgpu! download-needed', undefined],
    ['an insecure page', { gpu: 'none', secure: false }, 'insecure-origin! download-needed', undefined],
    ['an adapter in software', { gpu: 'software' }, 'software-adapter! download-needed', undefined],
    [
      'an adapter in software, chosen',
      { gpu: 'software', wish: 'sampan' },
      'software-adapter download-needed',
      'sampan',
    ],
    ['a GGUF and no GPU', { gpu: 'none', model: gguf }, 'no-webgpu download-needed', 'wllama'],
    [
      'a GGUF on an insecure page',
      { gpu: 'none', secure: false, model: gguf },
      'insecure-origin download-needed',
      'wllama',
    ],
    [
      'a GGUF and an adapter in software',
      { gpu: 'software', model: gguf },
      'software-adapter download-needed',
      'wllama',
    ],
    ['a GGUF and a GPU', { model: gguf }, 'download-needed', 'sampan'],
    ['a GGUF, for the CPU', { model: gguf, wish: 'wllama' }, 'download-needed', 'wllama'],
    ['safetensors for the CPU', { wish: 'wllama' }, 'format-unsupported! download-needed', undefined],

    [
      'too large a buffer',
      { model: { ...safetensors, sampan: { needs: tooLarge, kept: absent } } },
      'adapter-limit! download-needed',
      undefined,
    ],
    [
      'too large a buffer, but a GGUF',
      { model: { ...gguf, sampan: { needs: tooLarge, kept: absent } } },
      'adapter-limit download-needed',
      'wllama',
    ],
    [
      'too large for both',
      { model: { ...gguf, sampan: { needs: tooLarge, kept: absent }, wllama: { needs: tooLarge, kept: absent } } },
      'adapter-limit! cpu-memory! download-needed',
      undefined,
    ],
    ['a small phone', { memory: { ...phone, most: 499 * MB } }, 'gpu-memory! download-needed', undefined],
    ['a phone that may do', { memory: phone }, 'gpu-memory download-needed', 'sampan'],
    [
      'a phone for short talks',
      { memory: phone, model: { ...safetensors, sampan: { needs: needs(400 * MB, 901 * MB), kept: absent } } },
      'gpu-memory download-needed',
      'sampan',
    ],
    ['a large phone', { memory: { ...phone, comfortable: 500 * MB } }, 'download-needed', 'sampan'],
    [
      'a computer without a limit',
      { memory: { device: 'computers', comfortable: 1 } },
      'gpu-memory download-needed',
      'sampan',
    ],
    [
      'a small phone without a GPU',
      { memory: { ...phone, most: 1 }, gpu: 'none', model: gguf },
      'cpu-memory! no-webgpu download-needed',
      undefined,
    ],

    ['a crash', { crashes: [crash] }, 'crashed-last-time! download-needed', 'sampan'],
    [
      'a crash of this model, that now takes less',
      { crashes: [crash], model: sized(400 * MB) },
      'crashed-last-time download-needed',
      'sampan',
    ],
    [
      'a crash of a smaller one',
      { crashes: [{ ...crash, key: 'other' }] },
      'crashed-last-time download-needed',
      'sampan',
    ],
    [
      'a crash of a larger one',
      { crashes: [{ ...crash, key: 'other', bytes: 900 * MB }] },
      'download-needed',
      'sampan',
    ],
    [
      'a crash of an unknown size',
      { crashes: [{ ...crash, bytes: 0 }] },
      'crashed-last-time! download-needed',
      'sampan',
    ],
    ['the same of another', { crashes: [{ ...crash, key: 'other', bytes: 0 }] }, 'download-needed', 'sampan'],
    [
      'a crash and nothing known',
      { crashes: [crash], model: { ...safetensors, sampan: { kept: absent } } },
      'crashed-last-time! download-needed',
      'sampan',
    ],

    [
      'a crash on the GPU of what the CPU is to run',
      { crashes: [crash], model: gguf, wish: 'wllama' },
      'download-needed',
      'wllama',
    ],
    [
      'a crash on the CPU',
      { crashes: [onCpu], model: gguf, wish: 'wllama' },
      'crashed-last-time! download-needed',
      'wllama',
    ],
    ['the same of what the GPU is to run', { crashes: [onCpu], model: gguf }, 'download-needed', 'sampan'],

    ['a model in MLC format', { model: { name: 'mlc:x', key: 'mlc:x', format: 'mlc', local: false } }, '', 'web-llm'],
    [
      'the same without a GPU',
      { gpu: 'none', model: { name: 'mlc:x', key: 'mlc:x', format: 'mlc', local: false } },
      'no-webgpu!',
      undefined,
    ],
  ])('%s', (_, changed, expected, backend) => {
    const verdict = judge({ ...good, ...changed })
    expect(codes(verdict)).toBe(expected)
    expect(verdict.ok).toBe(!expected.includes('!'))
    expect(verdict.backend).toBe(backend)
    // Each says more than what is the matter.
    for (const { message } of verdict.reasons) expect(message).toMatch(/^[A-Z].*\.$|: /)
  })

  it.each([
    ['source-not-found', 'not-found'],
    ['source-forbidden', 'gated'],
    ['source-ambiguous', 'ambiguous'],
    ['source-unavailable', 'source-unavailable'],
    ['range-unsupported', 'source-unavailable'],
    ['network-failed', 'source-unavailable'],
    ['not-a-model-file', 'file-invalid'],
    ['file-truncated', 'file-invalid'],
    ['tensor-missing', 'file-invalid'],
    ['architecture-unknown', 'architecture-unknown'],
    ['format-unsupported', 'format-unsupported'],
  ])('tells the error %s as %s', (code, reason) => {
    const { model: _, ...nothing } = good
    const failure = { code, message: 'Do this.', details: { a: 1 } }
    expect(judge({ ...nothing, failure })).toMatchObject({
      ...{ ok: false, cachedBytes: 0 },
      reasons: [{ code: reason, severity: 'blocks', message: 'Do this.', details: { a: 1, error: code } }],
    })
  })

  it('blames the connection where there is none', () => {
    const { model: _, ...nothing } = good
    const failure = { code: 'network-failed', message: 'No answer.', details: {} }
    expect(codes(judge({ ...nothing, failure, online: false }))).toBe('offline!')
  })

  it('tells what is known of a model that cannot be read', () => {
    const failure = { code: 'source-forbidden', message: 'Accept its terms.', details: {} }
    const { sampan: _, architecture: __, ...model } = safetensors
    expect(judge({ ...good, model: { ...model, sampan: { kept: absent } }, failure })).toMatchObject({
      ...{ ok: false, downloadBytes: 1500 * MB, about: { licence: 'mit' } },
      reasons: [{ code: 'gated' }, { code: 'download-needed' }],
    })
  })
})

describe('alternatives', () => {
  const quantised = [1600 * MB, 400 * MB, 700 * MB].map((bytes) => ({
    ...{ source: `org/model-GGUF:${bytes}.gguf`, relation: 'same-model' as const, bytes },
  }))
  const sources = (changed: Partial<Facts>): readonly string[] =>
    judge({ ...good, alternatives: quantised, ...changed }).alternatives.map(({ source }) => source)

  it('are smaller forms of the model, smallest first', () => {
    expect(sources({})).toEqual([`org/model-GGUF:${400 * MB}.gguf`, `org/model-GGUF:${700 * MB}.gguf`])
  })

  it('are other models too, where this one is too large, and fit', () => {
    const found = judge({ ...good, memory: { ...phone, most: 480 * MB }, alternatives: quantised }).alternatives
    expect(found[0]).toMatchObject({
      source: catalogue[0]?.source,
      relation: 'other-model',
      licence: catalogue[0]?.licence,
    })
    expect(found.map(({ bytes }) => bytes)).toEqual(
      found.map(({ bytes }) => bytes).sort((a, b) => Number(a) - Number(b)),
    )
    for (const { source, relation } of found)
      if (relation === 'other-model')
        expect(catalogue.find((entry) => entry.source === source)?.gpuBytes).toBeLessThan(480 * MB)
  })

  it('are not what has crashed, nor more than that', () => {
    const [smallest] = catalogue
    const crashes = [crash, { ...crash, key: 'b', bytes: (smallest?.gpuBytes ?? 0) - 1 }]
    expect(sources({ crashes }).filter((source) => !source.includes('org/model'))).toEqual([])
    expect(sources({ crashes: [crash] })).toContain(smallest?.source)
    // Of a crash nobody may know more than which model it was.
    const named = [smallest?.source, quantised[1]?.source].map((source) => ({
      ...{ ...crash, key: `https://huggingface.co/${String(source).replace(/(?=:|$)/, '@main')}`, bytes: 0 },
    }))
    expect(sources({ crashes: [crash] })).toContain(quantised[1]?.source)
    const left = sources({ crashes: [crash, ...named] })
    expect(left).not.toContain(smallest?.source)
    expect(left).not.toContain(quantised[1]?.source)
  })

  it('are not needed where the CPU is left, which is named', () => {
    const told = (changed: Partial<Facts>): readonly unknown[] => {
      const [{ message, details, severity } = {}] = judge({
        ...good,
        model: gguf,
        crashes: [crash],
        ...changed,
      }).reasons
      return [severity, details?.['left'], /backend: 'wllama'/.test(message ?? '')]
    }
    expect(told({})).toEqual(['blocks', 'wllama', true])
    const nothing = ['blocks', undefined, false]
    expect(told({ model: safetensors })).toEqual(nothing)
    expect(told({ crashes: [crash, onCpu] })).toEqual(nothing)
  })

  it('need not be smaller than what does not run at all', () => {
    const failure = { code: 'architecture-unknown', message: 'Unknown.', details: {} }
    const model = { ...safetensors, totalBytes: 1 }
    expect(sources({ model, failure, alternatives: [] })).toHaveLength(catalogue.length)
    expect(sources({ model, crashes: [crash], alternatives: [] })).toEqual([])
  })

  it('run without a GPU where there is none', () => {
    const found = sources({ gpu: 'none', alternatives: [] })
    expect(found.length).toBeGreaterThan(0)
    expect(found.every((source) => source.endsWith('.gguf'))).toBe(true)
  })

  it('fit into the storage', () => {
    expect(sources({ store: { kind: 'opfs', freeBytes: 50 * MB }, alternatives: [] })).toEqual([])
    expect(sources({ store: { kind: 'opfs', freeBytes: 150 * MB }, alternatives: [] })).toHaveLength(1)
  })
})

it('lists models in order, each once', () => {
  const sizes = catalogue.map(({ bytes }) => bytes)
  expect(sizes).toEqual([...sizes].sort((a, b) => a - b))
  expect(new Set(catalogue.map(({ source }) => source)).size).toBe(catalogue.length)
  expect(catalogue.length).toBeLessThanOrEqual(12)
})

describe('adapters', () => {
  it('are counted with their model, and names what is missing', () => {
    const adapters = (kept: Kept, missing: readonly string[] = [], failures: AdapterFacts['failures'] = []): Facts => ({
      ...good,
      adapters: { kept, missing, failures },
    })
    const fetched: Kept = { cachedBytes: 0, downloadBytes: 20 * MB, roomBytes: 21 * MB }
    const both = judge(adapters(fetched, ['org/adapter']))
    expect(both).toMatchObject({ ok: true, downloadBytes: 1520 * MB })
    expect(both.reasons[0]?.message).toMatch(/^org\/model and org\/adapter are not on this device, and 1\.5 GB/)
    const alone = judge({ ...adapters(fetched, ['org/adapter']), model: kept(cached) })
    expect(alone).toMatchObject({ downloadBytes: 20 * MB, cachedBytes: 500 * MB })
    expect(alone.reasons[0]?.message).toMatch(/^org\/adapter is not on this device/)
    const local = {
      ...safetensors,
      local: true,
      sampan: { needs: needs(1), kept: { cachedBytes: 0, downloadBytes: 0 } },
    }
    expect(codes(judge({ ...adapters(fetched, ['org/adapter']), model: local, online: false }))).toBe(
      'offline! download-needed',
    )
    const unknown = judge(adapters({ cachedBytes: 0 }, ['https://x/adapter']))
    expect('downloadBytes' in unknown).toBe(false)
    // Elsewhere a model can have none: not on the CPU, though the file would do there.
    expect(codes(judge({ ...adapters(fetched, ['org/adapter']), model: gguf, gpu: 'none' }))).toMatch(/^no-webgpu! /)
  })

  it('are told of where they do not fit or cannot be had', () => {
    const mismatch: Needs = {
      kind: 'failure',
      failure: { code: 'adapter-mismatch', message: 'Of another model.', details: { adapter: 'org/adapter' } },
    }
    const model = { ...safetensors, sampan: { needs: mismatch, kept: cached } }
    const none = { missing: [], kept: { cachedBytes: 0, downloadBytes: 0 } }
    expect(judge({ ...good, model, adapters: { ...none, failures: [] } })).toMatchObject({
      ok: false,
      reasons: [{ code: 'adapter-mismatch', severity: 'blocks', message: 'Of another model.' }],
    })
    const failure = {
      code: 'source-forbidden',
      message: 'A login.',
      details: { repository: 'org/adapter', gated: true },
    }
    expect(codes(judge({ ...good, model: kept(cached), adapters: { ...none, failures: [failure] } }))).toBe('gated!')
  })
})
