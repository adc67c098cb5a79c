/** Takes `prefix` off the beginning of a text that comes in pieces; a text that begins otherwise stays as it is. */
export function skipPrefix(prefix: string): (piece: string) => string {
  let held = ''
  let done = prefix === ''
  return (piece) => {
    if (done) return piece
    held += piece
    if (held.length < prefix.length && prefix.startsWith(held)) return ''
    done = true
    return held.startsWith(prefix) ? held.slice(prefix.length) : held
  }
}
