import { joined, sliceOf } from './ranged-response.ts'

// Keeps the page's own files, so that it opens without a network. Models are the library's business.

/** Written by the build: what to keep, and a name for exactly these contents. */
declare const APP_FILES: readonly string[]
declare const APP_VERSION: string

const prefix = 'sampan-chat-'
const name = prefix + APP_VERSION
/** Of the page; the last that is kept, so that a cache which has it is whole. */
const page = './'
/** A network that is slower is as good as none. */
const patienceMilliseconds = 3_000

addEventListener('install', (event) => waiting(event, keepAll()))
// Comes when no page of an older build is open any more.
addEventListener('activate', (event) => waiting(event, forgetOlder()))
addEventListener('fetch', (event) => {
  if (!isFetch(event)) return
  const { request } = event
  const url = new URL(request.url)
  const folder = new URL(page, location.href)
  if (request.method !== 'GET' || url.origin !== folder.origin || !url.pathname.startsWith(folder.pathname)) return
  // Names of assets tell their contents.
  const named = url.pathname.startsWith(`${folder.pathname}assets/`)
  event.respondWith(named ? keptFirst(request) : newestFirst(request))
})

async function keepAll(): Promise<void> {
  const cache = await caches.open(name)
  const keep = async (file: string): Promise<void> => {
    const before = file.startsWith('assets/') ? await caches.match(file) : undefined
    await cache.put(file, before ?? (await fetchWhole(file)))
  }
  // One after another: the page may be loading a model.
  for (const file of APP_FILES) await keep(file)
  await keep(page)
}

async function fetchWhole(file: string): Promise<Response> {
  const response = await fetch(file, { cache: 'no-cache' })
  // So Chromium answers for a file that it has read in parts before, though no part was asked for.
  const whole = response.status === 206 ? await joined(response) : response
  const given = whole ?? (await fetch(file, { cache: 'reload' }))
  if (given.status !== 200) throw new TypeError(`${file} cannot be kept: status ${given.status}`)
  return given
}

/** Caches are listed in the order of their making: what comes behind this one is of a build that is being installed. */
async function forgetOlder(): Promise<void> {
  const names = await caches.keys()
  const older = names.slice(0, names.indexOf(name)).filter((known) => known.startsWith(prefix))
  await Promise.all(older.map((known) => caches.delete(known)))
}

/** What is kept, of whichever build; else from the network, and kept. */
async function keptFirst(request: Request): Promise<Response> {
  const kept = await caches.match(request.url)
  if (kept) return sliceOf(kept, request.headers.get('range'))
  const response = await fetch(request)
  if (response.status === 200) await caches.open(name).then((cache) => cache.put(request.url, response.clone()))
  return response
}

/** From the network, so that a new build is seen at the next visit; else what is kept of the latest. */
async function newestFirst(request: Request): Promise<Response> {
  try {
    const response = await fetch(request, { signal: AbortSignal.timeout(patienceMilliseconds) })
    if (response.status >= 500) throw new TypeError(`the server answers with status ${response.status}`)
    return response
  } catch (error) {
    const names = (await caches.keys()).filter((known) => known.startsWith(prefix)).reverse()
    for (const known of names) {
      const cache = await caches.open(known)
      const whole = await cache.match(page)
      const kept = request.mode === 'navigate' ? whole : whole && (await cache.match(request, { ignoreSearch: true }))
      if (kept) return kept
    }
    throw error
  }
}

function waiting(event: Event, work: Promise<void>): void {
  if ('waitUntil' in event && typeof event.waitUntil === 'function') event.waitUntil(work)
}

function isFetch(event: Event): event is FetchEvent {
  return 'request' in event && 'respondWith' in event
}
