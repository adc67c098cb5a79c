/**
 * wllama resolves its addresses against `document.baseURI`, which a Worker lacks. Ours are absolute, so that the base only has to
 * be there. Delete when wllama runs in a Worker by itself.
 */
export function standInForDocument(): void {
  if (!('document' in globalThis)) Object.assign(globalThis, { document: { baseURI: globalThis.location.href } })
}
