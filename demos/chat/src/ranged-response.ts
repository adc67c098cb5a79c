/** The part of a whole answer that a `Range` header asks for: weights are read in parts, and a cache gives out whole files. */
export async function sliceOf(whole: Response, range: string | null): Promise<Response> {
  const [, first, last] = /^bytes=(\d+)-(\d*)$/.exec(range ?? '') ?? []
  if (first === undefined || last === undefined) return whole
  const blob = await whole.blob()
  const start = Number(first)
  const end = last === '' ? blob.size : Math.min(Number(last) + 1, blob.size)
  if (start >= end) return new Response(null, { status: 416, headers: { 'Content-Range': `bytes */${blob.size}` } })
  return new Response(blob.slice(start, end), {
    status: 206,
    headers: {
      'Content-Type': whole.headers.get('Content-Type') ?? 'application/octet-stream',
      'Content-Length': String(end - start),
      'Content-Range': `bytes ${start}-${end - 1}/${blob.size}`,
    },
  })
}

/** The whole of a file that was answered as a part of it, where that part is all of it. */
export async function joined(part: Response): Promise<Response | undefined> {
  const [, first, total] = /^bytes (\d+)-\d+\/(\d+)$/.exec(part.headers.get('Content-Range') ?? '') ?? []
  const blob = await part.blob()
  if (first !== '0' || blob.size !== Number(total)) return undefined
  const type = part.headers.get('Content-Type') ?? 'application/octet-stream'
  return new Response(blob, { headers: { 'Content-Type': type } })
}
