import { describe, expect, it } from 'vitest'
import { markedUrl, plainUrl, shownName, sourceKey } from './source-key.ts'

const file = 'https://models.example/m.gguf'

describe('an address that may be kept', () => {
  it('tells files of one path apart by their query, which cannot be read back', () => {
    const [one, two] = ['?id=secret-1', '?id=secret-2'].map((query) => markedUrl(file + query))
    expect(one).toMatch(/^https:\/\/models\.example\/m\.gguf\?[0-9a-f]{16}$/)
    expect(two).not.toBe(one)
    expect(markedUrl(file)).toBe(file)
    expect(markedUrl(`${file}#part`)).toBe(file)
  })

  it('is the same for the same, also when it is marked already', () => {
    const marked = markedUrl(`${file}?id=1`)
    expect(markedUrl(marked)).toBe(marked)
    expect(sourceKey({ kind: 'url', url: marked }, { base: 'https://huggingface.co' })).toBe(marked)
  })

  it.each([
    'X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Date=20261122T190000Z&X-Amz-Signature=5ecret',
    'X-Goog-Date=1&X-Goog-Signature=5ecret',
    'Expires=1795379526&Policy=eyJ&Signature=5ecret&Key-Pair-Id=K',
    'sv=2026-01-01&st=1&se=2&sr=b&sp=r&sig=5ecret',
    'auth_key=1795379526-0-0-5ecret',
  ])('does not change with its signature: %s', (query) => {
    expect(markedUrl(`${file}?${query}`)).toBe(file)
    expect(markedUrl(`${file}?id=1&${query}`)).toBe(markedUrl(`${file}?id=1`))
  })

  it('counts short names where nothing is signed', () => {
    expect(markedUrl(`${file}?se=1`)).not.toBe(markedUrl(`${file}?se=2`))
  })
})

it('messages tell no query', () => {
  expect(plainUrl(`${file}?sig=5ecret#x`)).toBe(file)
  expect(shownName(`${file}?sig=5ecret`)).toBe(file)
  expect(shownName('a folder?')).toBe('a folder?')
})
