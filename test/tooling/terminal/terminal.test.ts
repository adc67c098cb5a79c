import { describe, expect, it } from 'vitest'
import { modelSource } from './model-argument.mjs'
import { progressDisplay } from './progress.mjs'

describe('modelSource', () => {
  const share = (path: string): string => `shared:${path}`

  it('hands addresses, repository ids and schemes on as they are', () => {
    for (const model of [
      'https://a.example/m.gguf',
      'Qwen/Qwen3-0.6B',
      'org/name@main',
      'org/name:file.gguf',
      'mlc:Qwen3',
    ]) {
      expect(modelSource(model, share)).toBe(model)
    }
  })

  it('shares what is on disk', () => {
    expect(modelSource(process.execPath, share)).toBe(`shared:${process.execPath}`)
  })

  it('refuses paths that lead nowhere', () => {
    for (const model of ['./nowhere', '/nowhere/model', 'nowhere.gguf', 'nowhere', 'a/b/c.gguf', 'two words']) {
      expect(() => modelSource(model, share), model).toThrow('no such file or folder')
    }
  })
})

describe('progressDisplay', () => {
  function shown(isTTY: boolean, fractions: readonly number[]): string {
    let text = ''
    const write = (part: string): void => {
      text += part
    }
    const display = progressDisplay({ isTTY, columns: 60, write })
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

  it('draws one line in a terminal, never wider than it, and leaves it ended', () => {
    const text = shown(true, [0.5, 1])
    expect(text).toContain('100 %')
    expect(text.endsWith('\n')).toBe(true)
    // biome-ignore lint/suspicious/noControlCharactersInRegex: the sequence that clears the rest of a line.
    for (const line of text.split(/[\r\n]/)) expect(line.replace(/\u001b\[K/, '').length).toBeLessThan(60)
  })
})
