/** False in pages that are not secure contexts (http: but for localhost): browsers give them no digests. */
export function canHash(): boolean {
  const { crypto }: { crypto?: { readonly subtle?: SubtleCrypto } } = globalThis
  return crypto?.subtle !== undefined
}

/** In hexadecimal digits. The bytes are copied at once, and may be written over while the digest is made beside. */
export async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', bytes)
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}

/** Of its UTF-8. */
export function sha256OfText(text: string): Promise<string> {
  return sha256(new TextEncoder().encode(text))
}
