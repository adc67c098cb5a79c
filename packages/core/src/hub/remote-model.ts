/** What an answer that lists a file, or the file's own answer, tells of its content. */
export interface RemoteFile {
  /** Within the repository or folder: `model-00001-of-00002.safetensors`. */
  readonly path: string
  /** What is asked for; it may redirect to an address that expires. Of a hub: with the commit, not the branch. */
  readonly url: string
  /** Bytes, where that is known before the file is asked for. */
  readonly size?: number
  /** Lower-case hex, of the whole file: a hub's `lfs.oid`. */
  readonly sha256?: string
  /** Lower-case hex, of git's blob (`blob <size>\0` and the content): a hub's `oid` of small files. */
  readonly gitSha1?: string
  /** Strong, as the file's own server gives it: names a content where there is no digest. */
  readonly etag?: string
}

/** Who made a model and what may be done with it, as its hub or its own files say. */
export interface ModelAbout {
  readonly licence?: string
  readonly licenceUrl?: string
  readonly baseModel?: string
  /** First paragraph of the model card, without Markdown. */
  readonly summary?: string
  /** Page for people. */
  readonly page?: string
}

/** A model on a server: all its files, none of them read but for texts that say which they are. */
export interface RemoteModel {
  /** Repository id, or URL without its query: for people. */
  readonly name: string
  /** Names what was asked for, however often it is asked: hub, repository, revision as written and file; or the URL without its query. */
  readonly key: string
  /** The hub's base URL. */
  readonly hub?: string
  /** Repository id, spelt as its hub does now. */
  readonly repository?: string
  /** The commit. Absent where there is none. */
  readonly revision?: string
  readonly format: 'gguf' | 'safetensors'
  /** In the order of their parts. */
  readonly weights: readonly RemoteFile[]
  /** Of safetensors, those that exist of `config.json`, `model.safetensors.index.json`, `tokenizer.json`, … */
  readonly texts: readonly RemoteFile[]
  readonly about: ModelAbout
}
