import { expect, it } from 'vitest'
import { sha256 } from '../sampan/sha256.ts'
import { Sha1Hash } from './sha1-hash.ts'
import { Sha256Hash } from './sha256-hash.ts'

/** `npm run soak -- hash-speed` measures over more bytes. */
const BYTES = process.env['SAMPAN_SOAK'] ? 256 << 20 : 4 << 20
const PIECE_BYTES = 1 << 20

/** In MiB for each second of a processor, however busy it is with other things. */
async function measure(hash: () => Promise<string>): Promise<{ readonly digest: string; readonly rate: number }> {
  const began = process.cpuUsage()
  const digest = await hash()
  const { user, system } = process.cpuUsage(began)
  return { digest, rate: (BYTES / 2 ** 20 / (user + system)) * 1e6 }
}

async function feed(hash: Sha1Hash | Sha256Hash, bytes: Uint8Array): Promise<string> {
  for (let at = 0; at < bytes.length; at += PIECE_BYTES) hash.update(bytes.subarray(at, at + PIECE_BYTES))
  return hash.digest()
}

it('gives what WebCrypto gives, at a speed that is printed', async () => {
  const bytes = new Uint8Array(BYTES)
  for (let at = 0; at < bytes.length; at++) bytes[at] = (at * 31) ^ (at >> 9)
  const own = await measure(() => feed(new Sha256Hash(), bytes))
  const git = await measure(() => feed(new Sha1Hash(), bytes))
  const browser = await measure(() => sha256(bytes))
  expect(own.digest).toBe(browser.digest)
  const rates = { 'own SHA-256': own.rate, 'own SHA-1': git.rate, WebCrypto: browser.rate }
  if (process.env['SAMPAN_SOAK'])
    for (const [name, rate] of Object.entries(rates)) console.log(`${name}: ${Math.round(rate)} MiB/s`)
}, 300_000)
