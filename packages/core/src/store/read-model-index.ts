import { planeFormatVersion, readPackedTensors } from '@sampan/engine'
import { webAddress } from '../hub/hub-values.ts'
import { checkPlaces } from './check-places.ts'
import { isModelId } from './model-id.ts'
import { readForm } from './read-form.ts'
import {
  exceeded,
  type JsonObject,
  malformed,
  readList,
  readNumber,
  readObject,
  readOneOf,
  readString,
  readStrings,
} from './read-values.ts'
import { MAX_FILES, MAX_INDEX_DEPTH, MAX_KEYS, MAX_PIECES, MAX_TEXTS } from './store-limits.ts'
import type { ModelIndex, StoredFile, StoredPiece } from './store-types.ts'

const CRC_MAX = 0xffff_ffff

/**
 * What a stored file's index says, of the fields that are known, with every offset within the `length` bytes before it. Of planes of
 * another version, whose kinds are not known, there are no tensors.
 * @throws SampanError `file-malformed`, `file-limit-exceeded`
 */
export function readModelIndex(bytes: Uint8Array<ArrayBuffer>, length: number): ModelIndex {
  const object = readObject(parseJson(bytes), 'the index')
  if (object['format'] !== 'sampan-model') throw malformed('its index is of something else')
  if (object['version'] !== 1) throw malformed('its index is of another version')
  const index = readFields(object)
  checkPlaces(index, length)
  return index
}

function readFields(object: JsonObject): ModelIndex {
  const id = readString(object['id'], 'id')
  if (!isModelId(id)) throw malformed('id is none')
  const form = readForm(object['form'], 'form')
  const texts = readList(object['texts'], 'texts', MAX_TEXTS, (value, where) => ({
    name: readString(readObject(value, where)['name'], `${where}.name`),
    ...readPiece(value, where),
  }))
  if (new Set(texts.map(({ name }) => name)).size < texts.length) throw malformed('two texts have the same name')
  return {
    format: 'sampan-model',
    version: 1,
    id,
    name: readString(object['name'], 'name'),
    keys: readList(object['keys'], 'keys', MAX_KEYS, readString),
    ...readStrings(object, 'index', ['hub', 'revision', 'hash']),
    checkpoint: readOneOf(object['checkpoint'], 'checkpoint', ['gguf', 'safetensors']),
    form,
    files: readList(object['files'], 'files', MAX_FILES, readFile),
    texts,
    ...(form.kind === 'planes'
      ? { tensors: form.version === planeFormatVersion ? readPackedTensors('this', object['tensors']) : [] }
      : { pieces: readList(object['pieces'], 'pieces', MAX_PIECES, readPiece) }),
    about: readAbout(object['about']),
    stored: readString(object['stored'], 'stored'),
  }
}

/** Shown by apps, as links too: a file may come from anybody. */
export function readAbout(value: unknown): ModelIndex['about'] {
  const { licenceUrl, page, ...texts } = readStrings(readObject(value, 'about'), 'about', [
    'licence',
    'licenceUrl',
    'baseModel',
    'summary',
    'page',
  ])
  const [licence, place] = [webAddress(licenceUrl), webAddress(page)]
  return {
    ...texts,
    ...(licence !== undefined && { licenceUrl: licence }),
    ...(place !== undefined && { page: place }),
  }
}

function readFile(value: unknown, where: string): StoredFile {
  const file = readObject(value, where)
  return {
    path: readString(file['path'], `${where}.path`),
    url: readString(file['url'], `${where}.url`),
    bytes: readNumber(file['bytes'], `${where}.bytes`, 0),
    ...readStrings(file, where, ['sha256', 'gitSha1', 'etag']),
    ...(file['offset'] !== undefined && { offset: readNumber(file['offset'], `${where}.offset`, 0) }),
  }
}

export function readPiece(value: unknown, where: string): StoredPiece {
  const piece = readObject(value, where)
  return {
    offset: readNumber(piece['offset'], `${where}.offset`, 0),
    bytes: readNumber(piece['bytes'], `${where}.bytes`, 0),
    crc: readNumber(piece['crc'], `${where}.crc`, 0, CRC_MAX),
  }
}

function parseJson(bytes: Uint8Array<ArrayBuffer>): unknown {
  checkDepth(bytes)
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes))
  } catch {
    throw malformed('its index is no JSON')
  }
}

/** Before it is parsed: parsers nest as deep as the text does. */
function checkDepth(bytes: Uint8Array): void {
  const [quote, backslash] = [0x22, 0x5c]
  let [depth, inString] = [0, false]
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i]
    if (byte === quote) inString = !inString
    else if (inString) i += byte === backslash ? 1 : 0
    else if (byte === 0x5b || byte === 0x7b) {
      if (++depth > MAX_INDEX_DEPTH) throw exceeded('its index is nested too deep')
    } else if (byte === 0x5d || byte === 0x7d) depth--
  }
}
