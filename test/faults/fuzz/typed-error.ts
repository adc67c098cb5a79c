const mark = Symbol.for('sampan.error')

/** The code of an error that Sampan throws on purpose; undefined for every other. */
export function typedCode(error: unknown): string | undefined {
  if (!(error instanceof Error) || !(mark in error) || !('code' in error) || typeof error.code !== 'string')
    return undefined
  return error.message.length > 0 ? error.code : undefined
}
