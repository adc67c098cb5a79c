import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { cacheFolder, root } from './root.mjs'

/** Besides what is made: how Pocket is trained and judged, which no build reads. */
const skipped = new Set([
  ...['node_modules', 'dist', '.cache', 'test-results', '__pycache__', '.pytest_cache', '.git'],
  ...['training', 'evaluation'],
])

/**
 * SHA-256 over the names and contents of files, folders walked in a fixed order.
 * @param {readonly string[]} paths absolute; missing ones count as empty
 */
export function contentHash(paths) {
  const hash = createHash('sha256')
  for (const path of paths) for (const file of filesUnder(path)) addFile(hash, file)
  return hash.digest('hex')
}

/**
 * @param {import('node:crypto').Hash} hash
 * @param {string} file
 */
function addFile(hash, file) {
  const content = readFileSync(file)
  hash.update(`${relative(root, file)}\0${content.length}\0`).update(content)
}

/**
 * @param {string} path
 * @returns {string[]}
 */
function filesUnder(path) {
  if (!existsSync(path)) return []
  if (!statSync(path).isDirectory()) return [path]
  const names = readdirSync(path).filter((name) => !skipped.has(name))
  return names.sort().flatMap((name) => filesUnder(join(path, name)))
}

/** @param {string} name */
const stampFile = (name) => join(cacheFolder, `${name.replace(/[^a-z0-9-]+/gi, '_')}.stamp`)

/**
 * @param {string} name
 * @param {string} value
 */
export function stampMatches(name, value) {
  const file = stampFile(name)
  return existsSync(file) && readFileSync(file, 'utf8') === value
}

/**
 * @param {string} name
 * @param {string} value
 */
export function writeStamp(name, value) {
  mkdirSync(cacheFolder, { recursive: true })
  writeFileSync(stampFile(name), value)
}
