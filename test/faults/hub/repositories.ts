import type { Catalogue } from './hub-api.ts'
import { Repository, type RepositoryDefinition } from './repository.ts'

export class Repositories implements Catalogue {
  readonly #branch: string
  readonly #byId = new Map<string, Repository>()
  readonly #moved = new Map<string, string>()

  constructor(branch: string) {
    this.#branch = branch
  }

  get all(): readonly Repository[] {
    return [...this.#byId.values()]
  }

  add(id: string, definition: RepositoryDefinition): Repository {
    const repository = new Repository(id, this.#branch, definition)
    this.#byId.set(id, repository)
    return repository
  }

  get(id: string): Repository {
    const repository = this.#byId.get(id)
    if (!repository) throw new Error(`There is no ${id}`)
    return repository
  }

  rename(from: string, to: string): void {
    const repository = this.get(from)
    this.#byId.delete(from)
    repository.id = to
    this.#byId.set(to, repository)
    this.#moved.set(from, to)
  }

  find(id: string): Repository | undefined {
    return this.#byId.get(id)
  }

  movedTo(id: string): string | undefined {
    if (this.#byId.has(id)) return undefined
    const otherwise = [...this.#byId.keys()].find((known) => known.toLowerCase() === id.toLowerCase())
    return this.#moved.get(id) ?? otherwise
  }
}
