import { EngineError } from '../../errors.ts'
import { isJsonObject, parseJsonObject } from '../json.ts'
import { maximumIndexCharacters, maximumShardCount } from './limits.ts'

/** Plain file names in the index's own folder: nothing that could climb out of it or change a URL's meaning. */
const safeName = /^(?!\.)[\w.-]{1,255}$/

/**
 * The weight files that a `model.safetensors.index.json` names, each once, in order of their names.
 * @throws EngineError `file-malformed` or `file-limit-exceeded`.
 */
export function shardFileNames(indexText: string, fileName = 'model.safetensors.index.json'): readonly string[] {
  if (indexText.length > maximumIndexCharacters)
    throw new EngineError('file-limit-exceeded', `${fileName} is longer than ${maximumIndexCharacters} characters.`, {
      limit: maximumIndexCharacters,
    })
  const { weight_map: map } = parseJsonObject(indexText, fileName)
  if (!isJsonObject(map))
    throw new EngineError('file-malformed', `${fileName} has no weight_map. Use another copy of the model.`, {
      fileName,
    })
  const names = new Set<string>()
  for (const name of Object.values(map)) {
    if (typeof name !== 'string' || !safeName.test(name))
      throw new EngineError(
        'file-malformed',
        `${fileName} names the file ${JSON.stringify(name)}, which is no plain file name.`,
        {
          fileName,
          name,
        },
      )
    names.add(name)
    if (names.size > maximumShardCount)
      throw new EngineError('file-limit-exceeded', `${fileName} names more than ${maximumShardCount} files.`, {
        limit: maximumShardCount,
      })
  }
  if (names.size === 0)
    throw new EngineError('file-malformed', `${fileName} names no weight files. Use another copy of the model.`, {
      fileName,
    })
  return [...names].sort()
}
