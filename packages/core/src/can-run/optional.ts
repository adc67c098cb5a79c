/** A property that is there where it has a value. */
export function optional<K extends string, T>(name: K, value: T | undefined): { readonly [key in K]?: T } {
  const made: { [key in K]?: T } = {}
  if (value !== undefined) made[name] = value
  return made
}
