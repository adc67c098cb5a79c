import { EngineError } from '../../errors.ts'
import type { JsonObject, JsonValue } from '../json.ts'

/** Options of PEFT's `LoraConfig` that make of A and B something else than W + scale · B A. */
const unsupportedOptions: readonly string[] = [
  'use_dora',
  'use_qalora',
  'use_bdlora',
  'fan_in_fan_out',
  'lora_bias',
  'layer_replication',
  'modules_to_save',
  'target_parameters',
  'trainable_token_indices',
  'alora_invocation_tokens',
  'arrow_config',
  'kasa_config',
  'velora_config',
  'monteclora_config',
]

/** Beginnings that also change the base's own weights, which the adapter alone does not tell. */
const changesBase = /^(pissa|olora|corda|loftq|lora_ga)/i

/** @throws EngineError `format-unsupported` naming the option */
export function checkPeftOptions(config: JsonObject, fileName: string): void {
  const refuse = (option: string, value: JsonValue | undefined): void => {
    throw new EngineError(
      'format-unsupported',
      `${fileName} has ${option}: ${JSON.stringify(value)}, which is not supported: merge the adapter into its base, or use one without.`,
      { name: fileName, option },
    )
  }
  const type = config['peft_type']
  if (type !== 'LORA') refuse('peft_type', type ?? null)
  for (const option of unsupportedOptions) if (isOn(config[option])) refuse(option, config[option])
  const bias = config['bias'] ?? 'none'
  if (bias !== 'none') refuse('bias', bias)
  const start = config['init_lora_weights']
  if (typeof start === 'string' && changesBase.test(start)) refuse('init_lora_weights', start)
}

function isOn(value: JsonValue | undefined): boolean {
  if (value === undefined || value === null || value === false) return false
  return typeof value !== 'object' || Object.keys(value).length > 0
}
