import type { SampanErrorCode } from './error-codes.ts'

export interface ErrorEntry {
  /** What happened. */
  readonly cause: string
  /** What to do about it. */
  readonly remedy: string
}

/** Every code with its cause and remedy, as core's README has them. A document: nothing that runs reads it. */
export const ERROR_TABLE: Readonly<Record<SampanErrorCode, ErrorEntry>> = {
  'source-invalid': {
    cause: 'what was given to `load` is no URL, repository id, file, folder or `mlc:` id',
    remedy: 'name one of them',
  },
  'source-not-found': {
    cause: 'server, folder or repository has no such file',
    remedy: 'check the spelling; take the file that `details` names, or another copy of the model',
  },
  'source-forbidden': {
    cause: 'the server wants a login, or refuses this page (401, 403)',
    remedy: 'take a model without a gate, or ask its owner',
  },
  'source-unavailable': {
    cause: 'the server fails or is overloaded (429, 5xx), also after retries',
    remedy: 'try again later',
  },
  'source-ambiguous': {
    cause: 'several files of the repository or folder would do',
    remedy: 'name one: `org/name:file.gguf`',
  },
  'source-changed': { cause: 'the file changed while it was being read', remedy: 'load it again' },
  'range-unsupported': {
    cause: 'the server does not serve parts of files',
    remedy: 'serve the file with `Accept-Ranges: bytes`, or load it as a Blob',
  },
  'hash-mismatch': {
    cause: 'what came is not what the hub lists (its size or digest), also when it was fetched again',
    remedy: 'try another network or mirror; something on the way changes the bytes, or the copy is damaged',
  },
  'not-a-model-file': {
    cause: 'a web page, a login or a message came in place of the file',
    remedy: 'open the address of `details.url` in a tab: sign in to the network there, or correct the address',
  },
  'network-failed': {
    cause: 'no connection, one cut for good, or an answer that CORS hides from the page',
    remedy: 'check the connection; allow the page by `Access-Control-Allow-Origin`',
  },
  'pocket-missing': {
    cause: '`pocket` was asked for, and its package is not there',
    remedy: "`import '@sampan/pocket'`",
  },

  'download-required': {
    cause: 'the model is not on this device, and nobody has allowed its download; `details.bytes` says how much it is',
    remedy: "ask the visitor, then load with `download: 'allow'`, or give `download` a function that asks",
  },
  'quota-exceeded': {
    cause: 'the browser has no room for the model; `details` has `needed`, `free`, `quota` and what models take',
    remedy:
      'delete models that are not needed (`cache.list()`, `cache.delete(id)`), free space on the disk, or take a smaller one',
  },
  'model-not-cached': {
    cause: 'no such model is kept on this device, or only a part of it',
    remedy: "see `cache.list()`; `load` with `download: 'allow'` brings it here",
  },
  'model-in-use': {
    cause: 'a model that is to be deleted or written is being read or written, here or in another tab',
    remedy: 'dispose of it, or close the other tab, and try again',
  },

  'file-truncated': { cause: 'the file ends before its header says so', remedy: 'download it again, whole' },
  'file-damaged': {
    cause: 'a model that is kept on this device can no longer be read as it was written',
    remedy: "load it with `download: 'allow'`: what is damaged is fetched again",
  },
  'file-malformed': {
    cause: 'the file contradicts its format',
    remedy: 'download it again, or take another conversion',
  },
  'file-limit-exceeded': {
    cause: 'the file claims sizes or counts that no real model has',
    remedy: 'take another conversion',
  },
  'format-unsupported': {
    cause: 'a format or quantisation that Sampan does not read',
    remedy: 'take the GGUF in Q4_0 … Q8_0 or a K type, or safetensors in F32, F16 or BF16',
  },
  'architecture-unknown': {
    cause: 'an architecture other than qwen2, qwen3 and llama',
    remedy: 'take a model of these families, or one that web-llm or wllama runs',
  },
  'tensor-missing': {
    cause: 'the checkpoint lacks a tensor that its architecture needs',
    remedy: 'take the whole model, not an adapter',
  },
  'tensor-shape-mismatch': {
    cause: 'a tensor has another shape than the config says',
    remedy: 'take another copy of the model',
  },
  'tensor-values-invalid': {
    cause: 'weights that are no finite numbers, or too large for the bits asked for',
    remedy: 'download the file again; `bits: 16` for the latter',
  },
  'adapter-mismatch': {
    cause: 'a LoRA adapter that was made for a model of other shapes or names',
    remedy: 'load it with the model that it was trained on',
  },

  'webgpu-unavailable': {
    cause: 'no WebGPU, no adapter, none but one in software, or no device; `details.reason` says which',
    remedy: 'another browser, hardware acceleration, a secure page; or the GGUF of the model, which runs on the CPU',
  },
  'device-limit-exceeded': {
    cause: 'the model needs a buffer, or memory, that this device does not allow',
    remedy: 'a smaller model, fewer bits, a shorter `contextLength`',
  },
  'device-out-of-memory': {
    cause: 'the device has not enough memory left',
    remedy: 'close other tabs; a smaller model or fewer bits',
  },
  'device-lost': {
    cause: 'the GPU was reset or taken away',
    remedy: '`model.reload()`; a smaller model if it happens again',
  },
  'device-validation-failed': {
    cause: 'browser or driver refused a command or a kernel',
    remedy: 'update both; report it if it stays',
  },
  'device-feature-missing': {
    cause: 'the GPU lacks a feature that a compiled model needs',
    remedy: 'take the variant without it (`q4f32` for `q4f16`), or a GGUF',
  },
  'logits-invalid': {
    cause: 'the model gives no number for any token that may come next',
    remedy: 'download the file again; other bits',
  },

  'tokenizer-malformed': { cause: 'the tokenizer contradicts its format', remedy: 'take another copy of the model' },
  'tokenizer-unsupported': {
    cause: 'a tokenizer of another kind than byte-level BPE',
    remedy: 'take a model of the Qwen or DeepSeek families',
  },
  'tokenizer-limit-exceeded': {
    cause: 'a tokenizer larger than any real one',
    remedy: 'take another copy of the model',
  },
  'text-too-long': { cause: 'a single text is longer than any context', remedy: 'shorten or divide it' },
  'token-out-of-range': {
    cause: 'a token id that the model does not have',
    remedy: 'ids from this model’s own tokenizer',
  },
  'token-not-allowed': {
    cause: 'a token was given to a constraint that does not allow it',
    remedy: 'one that `allowed()` has',
  },
  'template-missing': { cause: 'the model has no chat template', remedy: 'its -Instruct or -Chat variant' },
  'template-malformed': { cause: 'the chat template is no template', remedy: 'take another copy of the model' },
  'template-unsupported': {
    cause: 'the chat template uses, or lacks, something that the request needs',
    remedy: 'leave that out of the request, or take another model',
  },
  'template-refused': {
    cause: 'the chat template itself refuses these messages',
    remedy: 'the order of roles that its message names',
  },
  'template-failed': {
    cause: 'the chat template fails on these messages',
    remedy: 'simpler messages; report it with the model’s name',
  },
  'template-limit-exceeded': {
    cause: 'the chat template runs too long or grows too large',
    remedy: 'take another copy of the model',
  },
  'schema-invalid': { cause: 'a JSON schema of the request is none', remedy: 'mend the place that the message names' },
  'schema-unsupported': {
    cause: 'a JSON schema uses a keyword that an answer cannot be held to',
    remedy: 'leave out the keyword in `details`, and check the answer yourself',
  },
  'schema-limit-exceeded': { cause: 'a JSON schema of the request is too large', remedy: 'a smaller one' },

  'consent-missing': {
    cause: 'messages would be sent to a server that `consent` does not name; none was',
    remedy: 'ask the user, then load with `consent: { [details.origin]: true }`',
  },
  'option-invalid': {
    cause: 'an option of a call has a value that it cannot have',
    remedy: 'what the message says of `details.option`',
  },
  'request-invalid': {
    cause: 'a field of the request has a value that no model could honour',
    remedy: 'what the message says of `details.field`',
  },
  'request-unsupported': {
    cause: 'a field of the request changes the meaning and cannot be honoured here',
    remedy: 'leave out `details.field`, or load the model on another backend',
  },
  'record-invalid': {
    cause: 'what was given to `replay` is no record of an answer, or was changed into what none could be',
    remedy: 'give `reply.record`, or what `JSON.parse` makes of it, as it was written',
  },
  'context-length-exceeded': {
    cause: 'the prompt leaves no room for an answer',
    remedy: 'fewer messages, `truncation: "auto"`, or a larger `contextLength`',
  },
  'stream-used': { cause: 'a stream was iterated a second time', remedy: 'keep its chunks' },
  'model-disposed': { cause: 'the model was disposed of', remedy: 'load it again' },
  'model-unloaded': {
    cause: '`reload()` ended the call, or was itself ended before the model was there again',
    remedy: 'ask again when `reload()` has resolved; call it again',
  },
  'session-mismatch': {
    cause: "a saved session is another model's",
    remedy: 'load that model, or restore with `allowOtherModel: true`',
  },
  'engine-disposed': {
    cause: 'the engine was disposed of while it worked (told to users of `@sampan/engine` alone)',
    remedy: 'load it again',
  },
  'crashed-last-time': {
    cause:
      'an earlier page of this site ended without a word while it loaded this model, most likely for want of memory',
    remedy: "take a smaller model; `afterCrash: 'load'` where the visitor wants to try again",
  },
  'worker-failed': {
    cause: 'the Worker did not start in time, or died; `details` says what is known',
    remedy:
      'serve the files of `@sampan/core` beside each other, allow Workers in the Content-Security-Policy; `model.reload()`',
  },
  internal: { cause: 'something that nobody foresaw', remedy: 'report it with its stack' },

  'model-unknown': {
    cause: 'the backend’s catalogue, or the server, has no such model',
    remedy: 'one of those in `details` or in the catalogue',
  },
  'model-library-invalid': {
    cause: 'the compiled library of an `mlc:` model is missing or made for another version',
    remedy: 'one made for the version that the message names',
  },
  'backend-failed': {
    cause: 'web-llm, llama.cpp or a server failed in a way of its own',
    remedy: 'what its message says; load again',
  },
}
