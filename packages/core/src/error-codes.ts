/** Reading and running a checkpoint on Sampan's own engine. */
type EngineCode =
  | 'file-truncated'
  | 'file-damaged'
  | 'file-malformed'
  | 'file-limit-exceeded'
  | 'format-unsupported'
  | 'architecture-unknown'
  | 'tensor-missing'
  | 'tensor-shape-mismatch'
  | 'tensor-values-invalid'
  /** An adapter was made for another model: `details` has names and shapes. */
  | 'adapter-mismatch'
  | 'webgpu-unavailable'
  | 'device-limit-exceeded'
  | 'device-out-of-memory'
  | 'device-lost'
  | 'device-validation-failed'
  | 'context-length-exceeded'
  | 'token-out-of-range'
  | 'token-not-allowed'
  | 'logits-invalid'
  | 'engine-disposed'
  | 'option-invalid'

/** Finding and fetching a model's files. */
type SourceCode =
  /** The source is no URL, repository id, file or `mlc:` id. */
  | 'source-invalid'
  /** `pocket` was asked for and `@sampan/pocket` was not imported. */
  | 'pocket-missing'
  /** The server, folder or repository has no such file. */
  | 'source-not-found'
  /** The server wants a login or refuses this page (401, 403). */
  | 'source-forbidden'
  /** The server answers with an error that is its own (429, 5xx), also after retries. */
  | 'source-unavailable'
  /** Several files would do: name one. */
  | 'source-ambiguous'
  /** The file changed while it was being read. */
  | 'source-changed'
  /** The server does not serve byte ranges. */
  | 'range-unsupported'
  /** The bytes that came are not those that the hub lists, also when fetched again. */
  | 'hash-mismatch'
  /** A web page, a login or a message came in place of the file. */
  | 'not-a-model-file'
  /** No connection, a connection cut for good, or an answer that CORS hides. */
  | 'network-failed'

/** Keeping models on this device. */
type StoreCode =
  /** The model is not on this device, and nobody has allowed its download: `details` has the bytes. */
  | 'download-required'
  /** There is no room for the model: `details` has the numbers. */
  | 'quota-exceeded'
  /** No such model is kept here, or not all of it. */
  | 'model-not-cached'
  /** The model is being read or written, here or in another tab. */
  | 'model-in-use'

/** What the caller asked for. */
type RequestCode =
  /** A field of the request has a value that no model could honour. */
  | 'request-invalid'
  /** A field of the request changes the meaning and is not supported. */
  | 'request-unsupported'
  /** What was given to `replay` is no record of an answer, or was changed into what no answer could have been. */
  | 'record-invalid'
  /** A stream was iterated a second time. */
  | 'stream-used'
  | 'model-disposed'
  /** A saved session is another model's. */
  | 'session-mismatch'
  /** Messages would leave this machine for a server that the call's `consent` does not name. */
  | 'consent-missing'

type WorkerCode =
  /** The page ended without a word while it loaded this model. */
  | 'crashed-last-time'
  /** The Worker's script could not be started, or it died. */
  | 'worker-failed'
  /** `reload()` ended the call, or was itself ended before the model was there again. */
  | 'model-unloaded'
  /** An error nobody foresaw; `cause` and the message say what is known. */
  | 'internal'

/** A backend other than Sampan's own engine. */
type BackendCode =
  /** The id is not in the backend's catalogue. */
  | 'model-unknown'
  /** The compiled model library is missing, or made for another version. */
  | 'model-library-invalid'
  /** The GPU lacks a feature that the model was compiled for. */
  | 'device-feature-missing'
  /** The backend failed in a way of its own. */
  | 'backend-failed'

/** Strings to tokens and back. */
type TextCode =
  | 'tokenizer-malformed'
  | 'tokenizer-unsupported'
  | 'tokenizer-limit-exceeded'
  | 'text-too-long'
  | 'template-missing'
  | 'template-malformed'
  | 'template-unsupported'
  | 'template-refused'
  | 'template-failed'
  | 'template-limit-exceeded'
  /** A JSON schema of the request is none. */
  | 'schema-invalid'
  /** A JSON schema of the request uses a keyword, or a use of one, that Sampan cannot hold an answer to. */
  | 'schema-unsupported'
  /** A JSON schema of the request is too large. */
  | 'schema-limit-exceeded'

/** Stable names of everything that can go wrong. */
export type SampanErrorCode = EngineCode | TextCode | SourceCode | StoreCode | RequestCode | WorkerCode | BackendCode
