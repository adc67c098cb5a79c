/** What an app may tell of Pocket before a byte of it is fetched; a test holds it against the file. */
export interface PocketFacts {
  readonly name: string
  /** Of the file, which is what is fetched. */
  readonly bytes: number
  readonly parameters: number
  /** Tokens of prompt and answer together. */
  readonly contextLength: number
  /** SPDX identifier, of weights and code. */
  readonly licence: string
  /** BCP 47 tags. */
  readonly languages: readonly string[]
}

export const pocketFacts: PocketFacts = {
  name: 'Pocket',
  bytes: 6_908_544,
  parameters: 6_296_832,
  contextLength: 1024,
  licence: 'Apache-2.0',
  languages: ['en', 'zh'],
}
