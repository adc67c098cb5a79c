/** What Pocket is called in `load` and in `model.info.source`. */
export const pocketName = 'pocket'

/** Where `@sampan/pocket` leaves the address of its weights, so that core needs no import of it: that would be in every app. */
const pocketKey = Symbol.for('sampan.pocket')

/** Address of Pocket's weights, where `@sampan/pocket` was imported. */
export function pocketUrl(): string | undefined {
  const url: unknown = Reflect.get(globalThis, pocketKey)
  return url instanceof URL ? absoluteHref(url) : undefined
}

/** What `new URL(…, import.meta.url)` became in Next's bundlers has a `href` that is a path. */
export function absoluteHref({ href }: URL): string {
  return new URL(href, globalThis.location?.href).href
}
