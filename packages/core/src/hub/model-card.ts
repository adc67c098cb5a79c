import { shownText } from './hub-values.ts'

/** Of a `README.md` that is read, in characters: head and first paragraphs are at its beginning. */
const MAX_CARD_CHARACTERS = 64 << 10
const MAX_SUMMARY_CHARACTERS = 600
/** A paragraph with fewer letters is a caption or a row of badges. */
const LEAST_PROSE = 40

/** The plain values of a model card's YAML head: texts, and lists of texts. What is nested deeper is left out. */
export function readFrontMatter(readme: string): Readonly<Record<string, string | readonly string[]>> {
  const values = new Map<string, string | string[]>()
  let list: string[] | undefined
  for (const line of splitCard(readme).head.split('\n')) {
    const [, key, value = ''] = /^([A-Za-z_][\w-]{0,60}):[ \t]*(.*?)[ \t]*\r?$/.exec(line) ?? []
    if (key !== undefined) {
      list = value === '' ? [] : undefined
      values.set(key, list ?? inlineList(value) ?? unquoted(value))
      continue
    }
    const item = /^[ \t]*-[ \t]+(.*?)[ \t]*\r?$/.exec(line)?.[1]
    if (item !== undefined) list?.push(unquoted(item))
  }
  return Object.fromEntries(values)
}

/** The first paragraph of prose in a model card, without Markdown. */
export function summaryOf(readme: string): string | undefined {
  const text = splitCard(readme)
    .body.replace(/\r/g, '')
    .replace(/^(```|~~~).*?(?:^\1|$(?![\s\S]))/gms, '\n\n')
    .replace(/<!--.*?(?:-->|$(?![\s\S]))/gs, '')
    .replace(/<(style|script|table)\b.*?(?:<\/\1>|$(?![\s\S]))/gis, '')
  for (const block of text.split(/\n[ \t]*\n|\n(?=#{1,6} )/)) {
    const lines = block.split('\n').filter((line) => !/^\s*(#{1,6} |[-*+] |\d+[.)] |[|>]|={3,}|-{3,})/.test(line))
    const prose = plain(lines.join(' '))
    if ((prose.match(/\p{L}/gu)?.length ?? 0) >= LEAST_PROSE) return shownText(prose, MAX_SUMMARY_CHARACTERS)
  }
  return undefined
}

function splitCard(readme: string): { readonly head: string; readonly body: string } {
  const text = readme.slice(0, MAX_CARD_CHARACTERS).replace(/^\ufeff/, '')
  const [whole, head = ''] = /^---[ \t]*\r?\n(.*?\n)?---[ \t]*(?:\r?\n|$)/s.exec(text) ?? []
  return { head, body: text.slice(whole?.length ?? 0) }
}

function plain(markdown: string): string {
  return markdown
    .replace(/!\[[^[\]]{0,500}\]\([^()]{0,1000}\)/g, '')
    .replace(/\[([^[\]]{0,500})\]\([^()]{0,1000}\)/g, '$1')
    .replace(/<[^<>]*>/g, '')
    .replace(/(\*\*|__|`)/g, '')
    .replace(/(^|\W)[*_](\S[^*_]*)[*_](?=\W|$)/g, '$1$2')
    .trim()
}

function inlineList(value: string): string[] | undefined {
  const inner = /^\[(.*)\]$/.exec(value)?.[1]
  return inner?.split(',').map((item) => unquoted(item.trim()))
}

function unquoted(value: string): string {
  return /^(["'])(.*)\1$/.exec(value)?.[2] ?? value.replace(/ #.*$/, '')
}
