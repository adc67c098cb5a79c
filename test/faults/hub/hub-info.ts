import { createHash } from 'node:crypto'
import { siblings } from './hub-tree.ts'
import type { Commit, Repository } from './repository.ts'

/** All that the hub can say of a model; `expand` asks for single fields. */
export function modelFields(repository: Repository, commit: Commit, blobs: boolean): Readonly<Record<string, unknown>> {
  const { id, definition } = repository
  const { card = {}, baseModel } = definition
  return {
    _id: createHash('sha1').update(id).digest('hex').slice(0, 24),
    id,
    author: id.split('/')[0],
    modelId: id,
    sha: commit.id,
    lastModified: '2026-01-01T00:00:00.000Z',
    createdAt: '2026-01-01T00:00:00.000Z',
    private: definition.private === true,
    gated: definition.gated ?? false,
    disabled: false,
    downloads: 12,
    likes: 3,
    pipeline_tag: 'text-generation',
    library_name: 'transformers',
    tags: tagsOf(repository, commit),
    ...((Object.keys(card).length > 0 || baseModel) && {
      cardData: { ...card, ...(baseModel && { base_model: baseModel.id }) },
    }),
    siblings: siblings(commit, blobs),
    usedStorage: [...commit.files.values()].reduce((sum, { content }) => sum + content.size, 0),
  }
}

/** What the hub's filters look for. */
export function tagsOf({ definition }: Repository, commit: Commit): readonly string[] {
  const { card = {}, baseModel, tags = [] } = definition
  const endings = ['safetensors', 'gguf'].filter((ending) =>
    [...commit.files.keys()].some((path) => path.endsWith(`.${ending}`)),
  )
  const license = card['license']
  const base = baseModel ? [`base_model:${baseModel.id}`, `base_model:${baseModel.relation}:${baseModel.id}`] : []
  return [...tags, ...endings, ...(typeof license === 'string' ? [`license:${license}`] : []), ...base, 'region:us']
}
