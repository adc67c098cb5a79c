import type { HubDescription } from './hubs.ts'
import { huggingFaceApi } from './huggingface-api.ts'
import { modelScopeApi } from './modelscope-api.ts'

/** A file of a repository, as a hub lists it. */
export interface ListedFile {
  readonly path: string
  readonly size?: number
  readonly sha256?: string
  readonly gitSha1?: string
}

/** What a hub says of a repository. */
export interface HubInfo {
  /** As the hub spells it now. */
  readonly id?: string
  readonly commit?: string
  /** Files are given only to whom its owners allow it. */
  readonly gated: boolean
  /** The model card's head, as parsed: strings, lists, objects. */
  readonly card: unknown
  /** Text of the model card, where the answer has it. */
  readonly readme?: string
}

/** A repository that holds quantised forms of another's model. */
export interface QuantizedRepository {
  readonly id: string
}

/** How a kind of hub is asked. Revisions are branches, tags or commits. */
export interface HubApi {
  infoUrl(repository: string, revision: string): string
  /** Undefined for what is no answer of such a hub. */
  readInfo(answer: unknown): HubInfo | undefined
  /** First page of all files, those in folders included. */
  treeUrl(repository: string, revision: string): string
  /** Undefined for what is no list. Entries that are no files, or whose path is none, are left out. */
  readTree(answer: unknown): readonly ListedFile[] | undefined
  fileUrl(repository: string, revision: string, path: string): string
  /** For people. */
  pageUrl(repository: string): string
  /** Repositories quantised from `repository`, spelt as the hub does; absent where the hub cannot tell. */
  quantizedUrl?(repository: string): string
  readQuantized?(answer: unknown): readonly QuantizedRepository[]
}

export function hubApi({ preset, base }: HubDescription): HubApi {
  switch (preset) {
    case 'huggingface':
      return huggingFaceApi(base)
    case 'modelscope':
      return modelScopeApi(base)
    default:
      throw preset satisfies never
  }
}
