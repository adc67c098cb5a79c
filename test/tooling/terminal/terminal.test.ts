import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { inOwnWords, modelSource } from './model-argument.mjs'
import { progressDisplay } from './progress.mjs'
import { thoughtDisplay } from './thoughts.mjs'

describe('modelSource', () => {
  const share = (path: string, name?: string): string => `shared:${path}${name === undefined ? '/' : ` as ${name}`}`
  let scratch = ''
  beforeAll(() => {
    scratch = mkdtempSync(join(tmpdir(), 'sampan-model-'))
  })
  afterAll(() => rmSync(scratch, { recursive: true }))

  function makeFolder(name: string, files: readonly string[]): string {
    const folder = join(scratch, name)
    mkdirSync(folder)
    for (const file of files) writeFileSync(join(folder, file), 'content')
    return folder
  }

  it('hands addresses, repository ids and schemes on as they are', () => {
    for (const model of [
      'https://a.example/m.gguf',
      'Qwen/Qwen3-0.6B',
      'org/name@main',
      'org/name:file.gguf',
      'mlc:Qwen3',
      'pocket',
    ]) {
      expect(modelSource(model, share)).toEqual({ source: model, shown: model })
    }
  })

  it('shares a file under a name that ends in .gguf, whatever its own', () => {
    const folder = makeFolder('files', ['a.gguf', 'sha256-1a2b'])
    expect(modelSource(join(folder, 'a.gguf'), share).source).toBe(`shared:${join(folder, 'a.gguf')} as a.gguf`)
    const blob = join(folder, 'sha256-1a2b')
    expect(modelSource(blob, share)).toEqual({ source: `shared:${blob} as sha256-1a2b.gguf`, shown: blob })
  })

  it('shares a folder with config.json, or the one .gguf of a folder', () => {
    const weights = makeFolder('weights', ['config.json', 'model.safetensors'])
    expect(modelSource(weights, share)).toEqual({ source: `shared:${weights}/`, shown: weights })
    const one = makeFolder('one', ['README.md', 'm.gguf'])
    expect(modelSource(one, share).source).toBe(`shared:${join(one, 'm.gguf')} as m.gguf`)
  })

  it('says what to name instead of what cannot be loaded', () => {
    const folder = makeFolder('wrong', ['a.gguf', 'b.gguf', 'model.safetensors'])
    expect(() => modelSource(folder, share)).toThrow(/several \.gguf files: name one/)
    expect(() => modelSource(join(folder, 'model.safetensors'), share)).toThrow(/name the folder/)
    expect(() => modelSource(makeFolder('bare', ['notes.txt']), share)).toThrow(/no config\.json and no \.gguf/)
    writeFileSync(join(folder, 'empty.gguf'), '')
    expect(() => modelSource(join(folder, 'empty.gguf'), share)).toThrow(/the file is empty/)
  })

  it.skipIf(process.platform === 'win32' || process.getuid?.() === 0)(
    'says so when a file may not be read (not tested as root, who may read all)',
    () => {
      const folder = makeFolder('secret', ['a.gguf'])
      chmodSync(join(folder, 'a.gguf'), 0)
      expect(() => modelSource(join(folder, 'a.gguf'), share)).toThrow(/may not be read by you/)
    },
  )

  it('puts paths into messages as they were typed', () => {
    const folder = { source: 'http://127.0.0.1:1/shared/ab/', shown: './half' }
    expect(inOwnWords('http://127.0.0.1:1/shared/ab/model.safetensors is missing', folder)).toBe(
      './half/model.safetensors is missing',
    )
    expect(inOwnWords('http://127.0.0.1:1/shared/ab has no weights', folder)).toBe('./half has no weights')
  })

  it('refuses paths that lead nowhere', () => {
    for (const model of ['./nowhere', '/nowhere/model', 'nowhere.gguf', 'nowhere', 'a/b/c.gguf', 'two words']) {
      expect(() => modelSource(model, share), model).toThrow('no such file or folder')
    }
  })
})

describe('progressDisplay', () => {
  function shown(isTTY: boolean, fractions: readonly number[], columns = 60): string {
    let text = ''
    const write = (part: string): void => {
      text += part
    }
    const display = progressDisplay({ isTTY, columns, write })
    for (const fraction of fractions) {
      display.update({ phase: 'weights', loaded: fraction * 2e6, total: 2e6, fraction })
    }
    display.end()
    return text
  }

  it('writes a line every tenth where nobody watches', () => {
    const fractions = Array.from({ length: 101 }, (_, index) => index / 100)
    const lines = shown(false, fractions).trim().split('\n')
    expect(lines).toHaveLength(11)
    expect(lines[5]).toBe('loading 50 % (weights, 1.0 MB of 2.0 MB)')
  })

  it('shows the bytes of weights until they are there, whatever compiles meanwhile', () => {
    let text = ''
    const display = progressDisplay({
      write: (part: string) => {
        text += part
      },
    })
    display.update({ phase: 'open', loaded: 1, total: 1, fraction: 0.05 })
    display.update({ phase: 'weights', loaded: 1e6, total: 4e6, fraction: 0.24 })
    display.update({ phase: 'compile', loaded: 3, total: 9, fraction: 0.32 })
    display.update({ phase: 'weights', loaded: 4e6, total: 4e6, fraction: 0.87 })
    display.update({ phase: 'compile', loaded: 8, total: 9, fraction: 0.98 })
    display.update({ phase: 'compile', loaded: 9, total: 9, fraction: 1 })
    expect(text.trim().split('\n')).toEqual([
      'loading 5 % (opening)',
      'loading 24 % (weights, 1.0 MB of 4.0 MB)',
      'loading 32 % (weights, 1.0 MB of 4.0 MB)',
      'loading 87 % (compiling)',
      'loading 98 % (compiling)',
      'loading 100 % (weights, 4.0 MB)',
    ])
  })

  it('keeps the percentage in a narrow terminal, and in one that says it has no columns', () => {
    expect(shown(true, [0.5], 20)).toContain(' 50 %')
    expect(shown(true, [0.5], 0)).toMatch(/█{14}░{14} {2}50 %/)
  })

  it('draws one line in a terminal, never wider than it, and leaves it ended', () => {
    const text = shown(true, [0.5, 1])
    expect(text).toContain('100 %')
    expect(text.endsWith('\n')).toBe(true)
    // biome-ignore lint/suspicious/noControlCharactersInRegex: the sequence that clears the rest of a line.
    for (const line of text.split(/[\r\n]/)) expect(line.replace(/\u001b\[K/, '').length).toBeLessThan(60)
  })
})

describe('thoughtDisplay', () => {
  function shown(isTTY: boolean, environment: Record<string, string>, parts: readonly string[]): string {
    let text = ''
    const write = (part: string): void => {
      text += part
    }
    const display = thoughtDisplay({ isTTY, write }, environment)
    for (const part of parts) display.push(part)
    display.end()
    display.end()
    expect(display.text).toBe(parts.join(''))
    return text
  }

  it('dims every piece where a person watches, and leaves the terminal as it was', () => {
    expect(shown(true, {}, ['2 + ', '2'])).toBe('\u001b[2m2 + \u001b[22m\u001b[2m2\u001b[22m\n\n')
  })

  it('is plain in files, and where no colours are wanted', () => {
    expect(shown(false, {}, ['a', 'b\n'])).toBe('ab\n\n')
    expect(shown(true, { NO_COLOR: '1' }, ['a'])).toBe('a\n\n')
  })

  it('says nothing where there was no thought', () => {
    expect(shown(true, {}, [])).toBe('')
  })
})
