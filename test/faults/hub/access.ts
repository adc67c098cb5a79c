import { type Headers, jsonReply, type Reply } from './reply.ts'
import type { Repository } from './repository.ts'

/** Who may see what: tokens, and the gated repositories that let them in. */
export class Access {
  readonly #tokens = new Map<string, Set<string>>()

  add(token: string): void {
    this.#tokens.set(token, new Set())
  }

  /** A repository lets this token in: gated files, or all of a private one. */
  accept(token: string, repository: string): void {
    const accepted = this.#tokens.get(token) ?? new Set()
    this.#tokens.set(token, accepted.add(repository))
  }

  /** @returns the refusal to say that there is a repository of this id */
  refuseListing(id: string, repository: Repository | undefined, authorization: string | undefined): Reply | undefined {
    const token = tokenOf(authorization)
    if (token !== undefined && !this.#tokens.has(token)) return invalidCredentials()
    const visible = repository && (!repository.definition.private || this.#letsIn(token, id))
    if (visible) return undefined
    return token === undefined ? invalidCredentials() : failure(404, 'RepoNotFound', 'Repository not found')
  }

  /** @returns the refusal to give a file, to one who may list them */
  refuseFile({ id, definition }: Repository, authorization: string | undefined): Reply | undefined {
    const token = tokenOf(authorization)
    if (definition.gated === undefined || this.#letsIn(token, id)) return undefined
    const [status, next] =
      token === undefined
        ? [401, 'You must have access to it and be authenticated to access it. Please log in.']
        : [403, `You are not in the authorized list. Visit the model's page to ask for access.`]
    return failure(status, 'GatedRepo', `Access to model ${id} is restricted. ${next}`)
  }

  #letsIn(token: string | undefined, id: string): boolean {
    return token !== undefined && this.#tokens.get(token)?.has(id) === true
  }
}

/** A failure of the hub: words in the body and, for those who may read headers, a code. */
export function failure(status: number, code: string, message: string): Reply {
  return jsonReply(status, { error: message }, { 'X-Error-Code': code, 'X-Error-Message': message })
}

function invalidCredentials(): Reply {
  const message = 'Invalid username or password.'
  const headers: Headers = { 'X-Error-Message': message, 'WWW-Authenticate': 'Bearer realm="Authentication required"' }
  return jsonReply(401, { error: message }, headers)
}

function tokenOf(authorization: string | undefined): string | undefined {
  return /^Bearer (\S+)$/.exec(authorization ?? '')?.[1]
}
