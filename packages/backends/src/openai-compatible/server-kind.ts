/** Which server it is decides what can be asked beyond OpenAI's own API. `openai`: any other, of which nothing is assumed. */
export type ServerKind = 'vllm' | 'sglang' | 'llama.cpp' | 'openai'

/** By `owned_by` of a model in the server's list. */
export function serverKindOf(owner: unknown): ServerKind {
  switch (owner) {
    case 'vllm':
    case 'sglang':
      return owner
    case 'llamacpp':
      return 'llama.cpp'
    default:
      return 'openai'
  }
}
