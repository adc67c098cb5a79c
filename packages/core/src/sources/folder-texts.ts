import { isLfsPointer, lfsPointerMessage } from '@sampan/engine'
import { SampanError } from '../errors.ts'
import { field } from '../hub/hub-values.ts'
import { slowTokenizerNames, templateName, templatePaths } from '../hub/safetensors-files.ts'
import type { ModelFolder } from './model-folder.ts'
import type { ModelTexts } from './open-checkpoint.ts'
import { fastTokenizer } from './slow-tokenizer.ts'

/**
 * Tokenizer, chat template and defaults, from wherever a folder's writer put them: transformers 4.43 on has the template in
 * `chat_template.jinja` (with others in `additional_chat_templates/`), processors in `chat_template.json`, and all before in
 * `tokenizer_config.json`.
 * @throws SampanError `not-a-model-file`
 */
export async function readFolderTexts(folder: ModelFolder, signal: AbortSignal): Promise<ModelTexts> {
  const read = async (path: string): Promise<string | undefined> => {
    const text = await folder.text(path, signal)
    if (text === undefined || !isLfsPointer(text)) return text
    throw new SampanError('not-a-model-file', lfsPointerMessage(path), { path })
  }
  const [fast, tokenizerConfig, jinja, generationConfig, ...named] = await Promise.all([
    read('tokenizer.json'),
    read('tokenizer_config.json'),
    read('chat_template.jinja'),
    read('generation_config.json'),
    ...templatePaths(folder.paths ?? []).map(async (path) => ({
      name: templateName(path),
      template: await read(path),
    })),
  ])
  const chatTemplate =
    jinja ?? (folder.paths?.includes('chat_template.json') ? templateOf(await read('chat_template.json')) : undefined)
  const tokenizer = fast ?? (await readSlowTokenizer(folder, tokenizerConfig, signal))
  const namedTemplates = named.filter(({ template }) => template !== undefined)
  return {
    ...(tokenizer !== undefined && { tokenizer }),
    ...(tokenizerConfig !== undefined && { tokenizerConfig }),
    ...(chatTemplate !== undefined && { chatTemplate }),
    ...(namedTemplates.length > 0 && { namedTemplates: JSON.stringify(namedTemplates) }),
    ...(generationConfig !== undefined && { generationConfig }),
  }
}

async function readSlowTokenizer(
  folder: ModelFolder,
  config: string | undefined,
  signal: AbortSignal,
): Promise<string | undefined> {
  const [vocabulary, merges, addedTokens] = await Promise.all(
    slowTokenizerNames.map((name) => folder.text(name, signal)),
  )
  return vocabulary !== undefined && merges !== undefined
    ? fastTokenizer({ vocabulary, merges, addedTokens, config })
    : undefined
}

function templateOf(text: string | undefined): string | undefined {
  try {
    const template = field(JSON.parse(text ?? ''), 'chat_template')
    return typeof template === 'string' ? template : undefined
  } catch {
    return undefined
  }
}
