import { createHash } from 'node:crypto'
import { type FileContent, StoredContent } from './content.ts'

export interface RepositoryDefinition {
  /** By path. A `README.md` is written from `card` where there is none. */
  readonly files: Readonly<Record<string, FileContent>>
  /** Front matter of the model card: `license`, `base_model`, … */
  readonly card?: Readonly<Record<string, string | readonly string[]>>
  /** What the card says after it. */
  readonly readme?: string
  readonly baseModel?: {
    readonly id: string
    readonly relation: 'quantized' | 'finetune' | 'merge' | 'adapter'
  }
  readonly tags?: readonly string[]
  /** Everyone sees what there is; files are for those that were let in. */
  readonly gated?: 'auto' | 'manual'
  readonly private?: boolean
  /** Files that are kept outside git, whatever their name. Otherwise those with weights, by their ending, and all over 10 MB. */
  readonly large?: readonly string[]
}

/** A file as one commit has it. */
export interface CommittedFile {
  readonly path: string
  readonly content: StoredContent
  readonly large: boolean
}

export interface Commit {
  readonly id: string
  readonly files: ReadonlyMap<string, CommittedFile>
}

const largeEndings = /\.(?:safetensors|gguf|bin|onnx|pt|pth|npz|msgpack|h5)$/i
const largeBytes = 10 << 20

export class Repository {
  /** Changes when it is renamed; its commits stay. */
  id: string
  readonly branch: string
  readonly definition: RepositoryDefinition
  readonly #commits: Commit[] = []

  constructor(id: string, branch: string, definition: RepositoryDefinition) {
    this.id = id
    this.branch = branch
    this.definition = definition
    this.commit({ ...withCard(id, definition) })
  }

  /** A new commit on the branch. @param changes null deletes a file. @returns its id */
  commit(changes: Readonly<Record<string, FileContent | null>>): string {
    const files = new Map(this.#commits.at(-1)?.files)
    for (const [path, given] of Object.entries(changes)) {
      if (given === null) {
        files.delete(path)
        continue
      }
      const content = new StoredContent(given)
      const large =
        this.definition.large?.includes(path) === true || largeEndings.test(path) || content.size > largeBytes
      files.set(path, { path, content, large })
    }
    const names = [...files.values()].map(({ path, content }) => `${path} ${content.sha256}`)
    const id = createHash('sha1')
      .update(`${this.id} ${this.#commits.length} ${names.join('\n')}`)
      .digest('hex')
    this.#commits.push({ id, files })
    return id
  }

  get head(): Commit {
    const head = this.#commits.at(-1)
    if (!head) throw new Error(`${this.id} has no commit`)
    return head
  }

  /** By branch, by `refs/…`, by id or by the beginning of an id. */
  find(revision: string): Commit | undefined {
    if (revision === this.branch || revision === `refs/heads/${this.branch}`) return this.head
    if (!/^[0-9a-f]{7,40}$/.test(revision)) return undefined
    return this.#commits.find(({ id }) => id.startsWith(revision))
  }
}

function withCard(
  id: string,
  { files, card = {}, readme, baseModel }: RepositoryDefinition,
): Record<string, FileContent> {
  if ('README.md' in files || (Object.keys(card).length === 0 && readme === undefined && !baseModel))
    return { ...files }
  const facts: Readonly<Record<string, string | readonly string[]>> = {
    ...card,
    ...(baseModel && { base_model: baseModel.id, base_model_relation: baseModel.relation }),
  }
  const lines = Object.entries(facts).map(([key, value]) =>
    typeof value === 'string' ? `${key}: ${value}` : `${key}:\n${value.map((item) => `- ${item}`).join('\n')}`,
  )
  const body = readme ?? `# ${id.split('/').at(-1)}\n\nA small model of the tests.\n`
  return { ...files, 'README.md': `---\n${lines.join('\n')}\n---\n\n${body}` }
}
