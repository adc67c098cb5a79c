import { chinese } from './strings-chinese.ts'
import { english, type Strings } from './strings-english.ts'

export type { Strings } from './strings-english.ts'

export type Language = 'en' | 'zh-Hans'

export const languages: ReadonlyMap<Language, { readonly name: string; readonly strings: Strings }> = new Map([
  ['en', { name: 'English', strings: english }],
  ['zh-Hans', { name: '简体中文', strings: chinese }],
])

/** What the visitor's browser asks for, of what there is. */
export function preferredLanguage(wanted: readonly string[]): Language {
  for (const tag of wanted) {
    if (/^zh\b/i.test(tag)) return 'zh-Hans'
    if (/^en\b/i.test(tag)) return 'en'
  }
  return 'en'
}

export function stringsOf(language: Language): Strings {
  return languages.get(language)?.strings ?? english
}
