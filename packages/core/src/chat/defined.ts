/** `fields` without those that are undefined, so that an absent field means a default everywhere. */
export function defined<T extends object>(fields: { readonly [Key in keyof T]: T[Key] | undefined }): T
export function defined(fields: object): object {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined))
}
