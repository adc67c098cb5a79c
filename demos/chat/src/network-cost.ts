/** True where the visitor asked for little data, or pays for it: then nothing of size is fetched unasked. */
export function savesData(): boolean {
  const connection: unknown = Reflect.get(navigator, 'connection')
  if (typeof connection !== 'object' || connection === null) return false
  if ('saveData' in connection && connection.saveData === true) return true
  return 'type' in connection && connection.type === 'cellular'
}
