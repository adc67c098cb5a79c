import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { CommandFailure } from '../setup/failure.mjs'

const repositoryId = /^[\w.-]+\/[\w.-]+(@[\w./-]+)?(:[\w./-]+)?$/

/**
 * What a page can load for what the user named; paths are relative to where the command was typed.
 * @param {string} model file, folder, URL, repository id or a scheme such as `mlc:`
 * @param {(path: string) => string} share
 * @returns {string}
 */
export function modelSource(model, share) {
  if (/^https?:\/\//.test(model)) return model
  const path = resolve(process.env['INIT_CWD'] ?? process.cwd(), model)
  if (existsSync(path)) return share(path)
  const looksLikePath = /^[./~\\]|^[a-z]:[\\/]|\.(gguf|safetensors)$/i.test(model) && !model.includes(':')
  if (!looksLikePath && (repositoryId.test(model) || /^[a-z]+:[^/\\]/i.test(model))) return model
  throw new CommandFailure(`--model ${model}: no such file or folder`)
}
