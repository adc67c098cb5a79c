/** An address that may be kept: what follows `?` may be a signature or a token. */
export function withoutQuery(url: string): string {
  return url.replace(/[?#].*$/s, '')
}
