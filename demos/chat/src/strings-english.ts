export const english = {
  newChat: 'New chat',
  settings: 'Settings',
  close: 'Close',
  language: 'Language',
  tagline: 'A small language model, running right here in your browser. What you write never leaves this device.',
  chooseFile: 'Choose a file',
  chooseFileHint: 'GGUF',
  chooseFolder: 'Choose a folder',
  chooseFolderHint: 'safetensors',
  dropHint: 'or drop one anywhere on this page',
  address: 'URL or Hugging Face repository',
  addressPlaceholder: 'org/name or https://…/model.gguf',
  load: 'Load',
  resume: (name: string) => `Continue with ${name}`,
  loadAnother: 'Load another model',
  cancel: 'Cancel',
  loading: (name: string) => `Loading ${name}`,
  phases: {
    open: 'Opening the model',
    download: 'Downloading',
    compile: 'Preparing to compute',
    weights: 'Reading the weights',
  } as Record<string, string>,
  starting: 'Starting',
  ofTotal: (loaded: string, total: string) => `${loaded} of ${total}`,
  perSecond: (bytes: string) => `${bytes}/s`,
  secondsLeft: (count: string) => `${count} s left`,
  minutesLeft: (count: string) => `${count} min left`,
  hoursLeft: (count: string) => `${count} h left`,
  /** Of a download that was stopped or cut. */
  stoppedAt: (name: string, kept: string, total: string) =>
    `${name}: ${kept} of ${total} are kept on this device. Load it again, and it goes on from there.`,
  goOn: 'Go on',
  ready: (name: string) => `${name} is ready`,
  emptyChat: 'Ask anything.',
  conversation: 'Conversation',
  message: 'Message',
  messagePlaceholder: 'Write a message',
  send: 'Send',
  stop: 'Stop',
  you: 'You',
  model: 'Model',
  thinking: 'Reading your message',
  copy: 'Copy',
  copied: 'Copied',
  stopped: 'stopped',
  noAnswer: 'the model gave no answer',
  lengthReached: 'stopped at the longest answer allowed in Settings',
  contextReached: 'stopped: the model cannot keep more in mind',
  answerComplete: 'Answer complete',
  isThinking: 'Thinking …',
  thoughtFor: (seconds: string) => `Thought for ${seconds} s`,
  thoughtUnfinished: 'A thought that was not finished',
  wantsToCall: 'Wants to call',
  callNotRun:
    'An app would now run this and tell the model what came of it. This page has no such tool, so it is only shown.',
  waitsForTool: 'The model waits for a tool',
  /** What the page says of a kind of warning in place of the library's own, English words. */
  warnings: {} as Readonly<Record<string, string>>,
  newTopic: 'New topic: what is above is not sent any more',
  forgot: 'the beginning of the conversation no longer fitted and was left out',
  examples: 'Examples to try',
  tryThese: 'Try one of these, or write your own:',
  pocketTitle: (size: string) => `Pocket, ${size}`,
  pocketHere: 'In this page: nothing to download from elsewhere.',
  startPocket: 'Start with Pocket',
  megabytes: (count: string) => `${count} MB`,
  tokens: (count: string) => `${count} tokens`,
  aboutModel: (name: string, badge: string) => `${name}, ${badge}: about this model`,
  whereItRuns: 'Where it runs',
  badges: { webgpu: 'WebGPU', software: 'software WebGPU', cpu: 'CPU' },
  onGpu: (name: string) =>
    name === '' ? 'On the GPU of this device, by WebGPU.' : `On the GPU of this device, by WebGPU: ${name}.`,
  onSoftwareAdapter:
    'On the processor: this browser offers WebGPU, but only by a software adapter that imitates a GPU.',
  onCpu: 'On the processor, by WebAssembly. Pocket is small enough for that; larger models are slow there.',
  onlySoftwareAdapter: 'The only WebGPU adapter here imitates a GPU in software, which is slower still.',
  gpuAdvice: 'On a device with a GPU the same page is many times faster.',
  onProcessor: 'It runs on the processor here.',
  why: 'Why?',
  aboutPocket: 'About Pocket',
  aboutPocketLink: 'What can it do?',
  pocketIs:
    'A language model of our own, trained from scratch on sentences that a program wrote in English and Chinese.',
  pocketFor:
    'It greets, remembers what you say, does small sums, fills forms, turns receipts into JSON, sorts texts under labels, suggests replies and calls tools. It shows what Sampan can do with no network and no GPU.',
  pocketNotFor:
    'It knows next to nothing of the world and makes mistakes: check what it says. For anything else it tells you that a larger model is needed; that is one click away.',
  pocketCard: 'Results, measured',
  factSize: 'Size',
  factWeights: 'Weights',
  factContext: 'Keeps in mind',
  factLicence: 'Licence',
  figures: (speed: string, first: string, count: number) =>
    `${speed} tokens/s · first token ${first} s · ${count} tokens`,
  system: 'System message',
  systemHint: 'Said to the model before the conversation. Empty: what the model itself brings.',
  temperature: 'Temperature',
  temperatureHint: '0 always takes the likeliest word; higher is more varied. Empty: what suits the model.',
  temperatureOfModel: 'as suits the model',
  thoughts: 'Think before answering',
  thoughtsHint: 'For models that can. Answers come later, and are better where there is something to work out.',
  thoughtsChoices: { model: 'as the model does by itself', enabled: 'yes', disabled: 'no' },
  maxTokens: 'Longest answer, in tokens',
  bits: 'Weights',
  bitsHint: 'For 16- and 32-bit models, from the next load on. Fewer bits are smaller and faster.',
  bitsSource: 'as in the file',
  bitsOf: (bits: string) => `${bits} bits`,
  compute: 'Compute on',
  computeHint: 'From the next load on. Automatic: the GPU where there is one, else the processor.',
  computeChoices: { auto: 'automatic', webgpu: 'WebGPU', cpu: 'CPU (WebAssembly, GGUF only)' },
  softwareAdapter: 'No GPU was found, so larger models will be slow here.',
  loadFailed: 'The model could not be loaded',
  modelLost: 'The model has stopped',
  recovering: 'The GPU was lost. The model starts again, and goes on where it was…',
  answerFailed: 'The answer was interrupted',
  conversationFull: 'This conversation has grown longer than the model can keep in mind.',
  startNewChat: 'Start a new chat',
  /** What the page says of a kind of failure before the library's own, English words. */
  errors: {
    'model-in-use': 'It is in use, here or in another tab. Load another model, or close that tab, and try again.',
    'quota-exceeded': 'There is no room for it. Delete a model that you do not need, or free space on the disk.',
    'crashed-last-time':
      'The page ended without a word while it loaded this model, most likely for want of memory. It was not loaded again by itself.',
    'adapter-mismatch': 'The adapter was made for another model: choose the one that it was trained on.',
    'option-invalid adapters':
      'Adapters work on the GPU only, by WebGPU, and this model would run on the processor here. Load it without the adapter.',
    'source-forbidden':
      'It is private, or its owners want you to agree to their terms first. Do that on its page, then give an access token under “More options”.',
    'not-a-model-file':
      'What came is no model: maybe a web page, as networks with a login send it. Sign in there, or check the address.',
    'webgpu-unavailable safetensors':
      'This model needs a GPU, and this browser has none for it. Choose its GGUF file, which runs on the processor; or, with a software adapter, choose WebGPU under “Compute on” in the settings, which is slow.',
  } as Readonly<Record<string, string>>,
  retry: 'Try again',
  noGpuTitle: 'No GPU for this page: larger models will be slow. Why?',
  insecure:
    'The page was not opened over a secure connection, and browsers only hand out the GPU on those. Open it over https, or at 127.0.0.1 or localhost.',
  noApi: 'This browser has no WebGPU.',
  noAdapter: 'This browser has WebGPU, but offers no graphics adapter.',
  adviceChromium:
    'Turn on “Use graphics acceleration when available” in the browser’s settings under System, and update the graphics driver. On Linux also enable “Unsafe WebGPU Support” and “Vulkan” in chrome://flags. chrome://gpu says what is missing.',
  adviceChromiumOld: 'Update Chrome or Edge: version 121 or later has WebGPU on desktop and Android.',
  adviceFirefox:
    'Update Firefox, then set dom.webgpu.enabled to true in about:config. Where that does not help, use Chrome or Edge.',
  adviceSafari:
    'Update to Safari 26 (macOS or iOS 26), or turn on WebGPU under Feature Flags in Safari’s advanced settings.',
  adviceOther: 'Use a current Chrome, Edge, Firefox or Safari 26.',
  tryAnyway: 'Try anyway',
  permissionDenied: 'The browser no longer allows reading that file. Choose it again.',
  unsupportedDrop: 'Drop a .gguf file, or a folder with config.json and safetensors.',
  suggestions: 'or one of these',
  consent: {
    title: (name: string) => `Download ${name}?`,
    /** Why there is something to download, where that is a surprise. */
    why: {
      'other-bits': 'It is on this device with other bits a weight than Settings ask for.',
      'old-format': 'It is on this device in the form of an older version.',
      'other-kind': 'It is on this device for another processor.',
      damaged: 'Parts of it on this device can no longer be read.',
    } as Readonly<Record<string, string>>,
    toDownload: 'To download',
    goesOnFrom: (rest: string, here: string) => `${rest}; ${here} are here already`,
    unknownSize: 'its server does not tell how much',
    onDevice: 'On this device',
    notKept: 'nothing: it is gone with this tab',
    inMemory: 'Memory',
    ofGpu: (bytes: string) => `${bytes} of the GPU’s`,
    licenceUnknown: 'not told by its server',
    checking: 'Looking whether it will run here …',
    runsOnGpu: 'It runs here, on the GPU.',
    runsOnCpu: 'It runs here, on the processor.',
    unchecked: 'It could not be found out whether it runs here.',
    blocked: 'It will hardly work here.',
    smaller: 'Smaller ones',
    smallerThatRun: 'These should run here',
    whichOne: 'Which one?',
    moreOfThem: (count: string) => `${count} more`,
    download: (bytes: string) => `Download ${bytes}`,
    downloadUnknown: 'Download',
    anyway: 'Download all the same',
    notNow: 'Not now',
  },
  /** What `canRun` finds, by its code; `blocks` where it would not work, `warns` where it may. */
  reasons: {
    offline: { blocks: () => 'There is no connection now.' },
    'insecure-origin': {
      blocks: () =>
        'This form of it needs the GPU, which browsers give to https pages only. A GGUF file runs anywhere.',
      warns: () => 'Without https there is no GPU for this page: it runs on the processor, several times slower.',
    },
    'no-webgpu': {
      blocks: () => 'This form of it needs a GPU, and this browser has none for the page. A GGUF file runs without.',
      warns: () => 'This browser has no GPU for the page: it runs on the processor, several times slower.',
    },
    'software-adapter': {
      blocks: () => 'This form of it needs a GPU, and there is only an imitation in software here.',
      warns: () => 'There is no GPU for this page: expect it to be slow.',
    },
    'adapter-limit': {
      blocks: () => 'It is too large for the GPU of this device.',
      warns: () => 'It is too large for the GPU here: it runs on the processor, several times slower.',
    },
    'adapter-mismatch': { blocks: () => 'The adapter was made for another model.' },
    'gpu-memory': {
      blocks: ({ needed, most }) =>
        `It takes ${needed} of memory. Browsers on devices like this one are thought to close a page at about ${most}.`,
      warns: ({ needed }) =>
        `It takes ${needed} of memory, much for a device like this one: close other tabs and apps.`,
    },
    'cpu-memory': {
      blocks: () => 'There is not enough memory for it on this device.',
      warns: ({ needed }) =>
        `It takes ${needed} of memory, much for a device like this one: close other tabs and apps.`,
    },
    quota: {
      blocks: ({ needed, free }) =>
        `It takes ${needed} of storage, and this site may use ${free} more. Delete another model first.`,
    },
    'storage-not-kept': {
      warns: () => 'This browser keeps nothing for this page (a private window?): it is downloaded anew at each visit.',
    },
    'crashed-last-time': {
      blocks: () => 'The page ended while it loaded this model, most likely for want of memory.',
      warns: () => 'The page ended while it loaded a model that is no larger, most likely for want of memory.',
    },
    metered: {
      warns: () => 'You save data, or pay for this connection: on Wi-Fi it may cost nothing.',
    },
  } as ReasonWords,
  crashedTitle: 'The page ended last time',
  loadAgain: 'Load it all the same',
  kept: {
    title: 'Models on this device',
    manage: 'Manage them',
    none: 'None yet. What you download is kept here, and from then on loads without the network.',
    nothingKept: 'This browser keeps nothing for this page (a private window?).',
    usage: (used: string, quota: string) => `${used} of the ${quota} that this site may use`,
    usageAlone: (used: string) => `${used} altogether`,
    persisted: 'The browser has promised not to delete them by itself.',
    notPersisted: 'The browser may delete them when the disk is full.',
    persist: 'Ask it not to',
    persistRefused: 'The browser does not promise it now. It may when you have installed this page, or come often.',
    forProcessor: 'for the processor',
    adapter: 'adapter',
    adapterFor: (base: string) => `adapter for ${base}`,
    partly: (here: string, total: string) => `${here} of ${total} downloaded`,
    load: (name: string) => `Load ${name}`,
    loadIt: 'Load',
    remove: 'Delete',
    removeOf: (name: string) => `Delete ${name}`,
    removeQuestion: (name: string, bytes: string) =>
      `Delete ${name}? ${bytes} become free; to use it again is to download it.`,
    keep: 'Keep',
    removed: (name: string) => `${name} is deleted.`,
    save: 'Save as file',
    saveOf: (name: string) => `Save ${name} as a file`,
    add: 'Add a .sampan file',
    adding: (percent: string) => `Reading the file: ${percent}`,
    added: (name: string) => `${name} is on this device now.`,
    unnamed: 'From a file: it has no address of its own to be loaded by.',
  },
  options: {
    title: 'More options: hub, token, adapter',
    hub: 'Hub',
    hubs: { huggingface: 'Hugging Face', modelscope: 'ModelScope (China)', mirror: 'A mirror of your own' },
    mirror: 'Address of the mirror',
    mirrorHint: 'One that answers as Hugging Face does.',
    token: 'Access token',
    tokenHint: 'For gated and private models. It goes to the hub alone and is never stored.',
    adapter: 'LoRA adapter',
    adapterHint: 'A repository or a URL. It changes how the model answers; needs WebGPU.',
  },
  sailor: {
    label: 'Speak like a sailor',
    hint: 'A LoRA adapter of 0.15 MB on top of Pocket. The model itself is not loaded again.',
    on: 'Pocket speaks like a sailor now.',
    off: 'Pocket speaks as before.',
  },
  provenance: {
    title: 'Where it comes from',
    adapter: 'With the adapter',
    source: 'Source',
    licence: 'Licence',
    baseModel: 'Made from',
    revision: 'Revision',
    hash: 'Hash',
    copyHash: 'Copy the hash',
    files: (count: string) => `Files, with SHA-256 (${count})`,
  },
}

/** Amounts as text. */
export interface ReasonFigures {
  readonly needed: string
  readonly free: string
  readonly most: string
}

export type ReasonWords = Readonly<
  Record<string, Readonly<Partial<Record<'blocks' | 'warns', (figures: ReasonFigures) => string>>>>
>

export type Strings = typeof english
