import { readFileSync } from 'node:fs'
import { openSafetensors, shardFileNames } from '@sampan/engine'
import { chatTemplateFromConfig } from '@sampan/text'
import { samplingOfGenerationConfig } from '../../../../packages/core/src/sampan/sampling-defaults.ts'
import { mutateJson } from '../mutate-json.ts'
import { type FuzzTarget, oneOf } from '../target.ts'

const templates = JSON.stringify({
  chat_template: [
    { name: 'default', template: '{{ messages }}' },
    { name: 'tool_use', template: '{{ tools }}' },
  ],
  eos_token: { content: '<|im_end|>' },
})
const generation = JSON.stringify({
  do_sample: true,
  temperature: 0.6,
  top_p: 0.9,
  top_k: 20,
  min_p: 0.01,
  repetition_penalty: 1.1,
  eos_token_id: [1, 2],
})
const index = JSON.stringify({
  metadata: { total_size: 1000 },
  weight_map: {
    'model.norm.weight': 'model-00002-of-00002.safetensors',
    'model.embed_tokens.weight': 'model-00001-of-00002.safetensors',
    'lm_head.weight': 'model-00002-of-00002.safetensors',
  },
})

/** The small files of a folder that say what the model is. */
export function configTargets(root: string): readonly FuzzTarget[] {
  const golden = ['llama-scaled', 'qwen2-tied', 'qwen3-untied', 'qwen2-planted'].map((name) =>
    readFileSync(`${root}test/golden/data/${name}/config.json`, 'utf8'),
  )
  const seeds = [readFileSync(`${root}test/fixtures/tiny/config.json`, 'utf8'), ...golden]
  return [
    {
      name: 'config.json',
      weight: 10,
      run: (pick) => openSafetensors({ config: mutateJson(oneOf(pick, seeds), pick), weights: [] }),
    },
    { name: 'model.safetensors.index.json', weight: 6, run: (pick) => shardFileNames(mutateJson(index, pick)) },
    {
      name: 'tokenizer_config.json, its template',
      weight: 6,
      run: (pick) => chatTemplateFromConfig(mutateJson(templates, pick)),
    },
    {
      name: 'generation_config.json',
      weight: 4,
      lenient: true,
      run: (pick) => {
        const parsed = parsedOrNothing(mutateJson(generation, pick))
        if (typeof parsed === 'object' && parsed !== null) samplingOfGenerationConfig(Object(parsed))
      },
    },
  ]
}

/** As core does before it looks for what to sample with. */
function parsedOrNothing(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
