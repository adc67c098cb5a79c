import { accessSync, constants, existsSync, readdirSync, statSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import { CommandFailure } from '../setup/failure.mjs'

/** The model that comes with this repository; `./pocket` is a file or folder of that name. */
export const pocketName = 'pocket'

const repositoryId = /^[\w.-]+\/[\w.-]+(@[\w./-]+)?(:[\w./-]+)?$/
const modelFile = /\.(gguf|safetensors|json|jinja)$/i

/**
 * @typedef {object} ModelSource
 * @property {string} source what a page can load
 * @property {string} shown what the user calls it: messages say this where they would say `source`
 */

/**
 * What a page can load for what the user named; paths are relative to where the command was typed.
 * @param {string} model file, folder, URL, repository id, `pocket` or a scheme such as `mlc:`
 * @param {(path: string, name?: string) => string} share
 * @returns {ModelSource}
 */
export function modelSource(model, share) {
  if (model === pocketName) return { source: model, shown: model }
  if (/^https?:\/\//.test(model)) return { source: model, shown: model }
  const path = resolve(process.env['INIT_CWD'] ?? process.cwd(), model)
  if (existsSync(path)) return statSync(path).isDirectory() ? folder(model, path, share) : file(model, path, share)
  const looksLikePath = /^[./~\\]|^[a-z]:[\\/]|\.(gguf|safetensors)$/i.test(model) && !model.includes(':')
  if (!looksLikePath && (repositoryId.test(model) || /^[a-z]+:[^/\\]/i.test(model))) {
    return { source: model, shown: model }
  }
  throw refusal(model, 'no such file or folder')
}

/**
 * A message of the page in the words of whoever typed the command.
 * @param {string} message
 * @param {ModelSource} model
 */
export function inOwnWords(message, { source, shown }) {
  const inside = shown.endsWith('/') ? shown : `${shown}/`
  if (!source.endsWith('/')) return message.replaceAll(source, shown)
  return message.replaceAll(source, inside).replaceAll(source.slice(0, -1), shown)
}

/**
 * @param {string} model
 * @param {string} path
 * @param {(path: string, name?: string) => string} share
 * @returns {ModelSource}
 */
function file(model, path, share) {
  if (/\.safetensors(\.index\.json)?$/i.test(path) || basename(path) === 'config.json') {
    throw refusal(model, 'is one file of a model: name the folder that holds it, config.json and tokenizer.json')
  }
  requireReadable(model, path)
  if (statSync(path).size === 0) throw refusal(model, 'the file is empty: download it again')
  // Files of Ollama, and of the hub's cache, go by their hash alone; what is no folder can only be GGUF.
  const name = basename(path)
  return { source: share(path, /\.gguf$/i.test(name) ? name : `${name}.gguf`), shown: model }
}

/**
 * @param {string} model
 * @param {string} path
 * @param {(path: string, name?: string) => string} share
 * @returns {ModelSource}
 */
function folder(model, path, share) {
  requireReadable(model, path)
  const names = readdirSync(path)
  const ggufs = names.filter((name) => /\.gguf$/i.test(name))
  const [only] = ggufs
  if (only !== undefined && ggufs.length === 1) return file(join(model, only), join(path, only), share)
  if (only !== undefined) throw refusal(model, `holds several .gguf files: name one of them (${only}, …)`)
  if (!names.includes('config.json')) throw refusal(model, 'the folder has no config.json and no .gguf file')
  for (const name of names.filter((name) => modelFile.test(name))) requireReadable(join(model, name), join(path, name))
  return { source: share(path), shown: model }
}

/**
 * @param {string} model
 * @param {string} path
 */
function requireReadable(model, path) {
  try {
    accessSync(path, constants.R_OK)
  } catch {
    throw refusal(model, 'may not be read by you: check its permissions')
  }
}

/**
 * @param {string} model
 * @param {string} why
 */
function refusal(model, why) {
  return new CommandFailure(`--model ${model}: ${why}`)
}
