import { chinese } from './strings-chinese.ts'
import { english, type Strings } from './strings-english.ts'

export type { Strings } from './strings-english.ts'

export type Language = 'en' | 'zh-Hans'

export const languages: ReadonlyMap<Language, { readonly name: string; readonly strings: Strings }> = new Map([
  ['en', { name: 'English', strings: english }],
  ['zh-Hans', { name: '简体中文', strings: chinese }],
])

const KEPT = 'sampan.bench.language'

/** What was chosen here, or what the visitor's browser asks for. */
export function preferredLanguage(): Language {
  const wanted = [kept(KEPT) ?? '', ...navigator.languages]
  for (const tag of wanted) {
    if (/^zh\b/i.test(tag)) return 'zh-Hans'
    if (/^en\b/i.test(tag)) return 'en'
  }
  return 'en'
}

export function keepLanguage(language: Language): void {
  keep(KEPT, language)
}

export function stringsOf(language: Language): Strings {
  return languages.get(language)?.strings ?? english
}

/** Pages may be forbidden to keep anything: then nothing is kept. */
export function kept(name: string): string | undefined {
  try {
    return localStorage.getItem(name) ?? undefined
  } catch {
    return undefined
  }
}

export function keep(name: string, value: string): void {
  try {
    if (value === '') localStorage.removeItem(name)
    else localStorage.setItem(name, value)
  } catch {}
}
