import { SampanError } from '../errors.ts'
import type { HubAnswer } from './fetch-answer.ts'

export interface Asked {
  readonly repository: string
  readonly revision: string
  readonly hub: string
  /** For people. */
  readonly page: string
  readonly hasToken: boolean
}

/**
 * What to do when a hub refuses (401, 403, 404). It says 401 of a repository that is private and of one that there is not, so that nobody
 * learns which.
 */
export function refusal({ status, reason }: Pick<HubAnswer, 'status' | 'reason'>, asked: Asked): SampanError {
  const { repository, revision, hub, hasToken } = asked
  const details = { repository, revision, hub, status }
  if (status === 404 && reason === 'RevisionNotFound')
    return new SampanError(
      'source-not-found',
      `${repository} has no revision ${revision} on ${hub}: name a branch, a tag or a commit of it.`,
      details,
    )
  if (status === 404)
    return new SampanError(
      'source-not-found',
      `There is no model ${repository} with the revision ${revision} on ${hub}${hasToken ? ' that the token may read' : ''}: check the spelling.`,
      details,
    )
  if (reason === 'GatedRepo' || status === 403) return gatedError(asked, status)
  return new SampanError(
    'source-forbidden',
    hasToken
      ? `There is no model ${repository} on ${hub} that the token may read: check the spelling, and that the token is valid and may read this repository.`
      : `There is no model ${repository} on ${hub}, or it is private: check the spelling, or give the option token.`,
    details,
  )
}

export function gatedError({ repository, revision, hub, page, hasToken }: Asked, status: number): SampanError {
  return new SampanError(
    'source-forbidden',
    hasToken
      ? `The token may not read the files of ${repository}, whose owners ask for an agreement: accept it on ${page} with the token's account, and give a token that may read gated repositories.`
      : `${repository} is gated: accept its owners' agreement on ${page} and give a token of that account as the option token.`,
    { repository, revision, hub, status, page, gated: true },
  )
}
