const english = {
  newChat: 'New chat',
  settings: 'Settings',
  close: 'Close',
  language: 'Language',
  tagline: 'A small language model, running right here on your own GPU. What you write never leaves this device.',
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
    compile: 'Preparing the GPU',
    weights: 'Moving weights to the GPU',
  } as Record<string, string>,
  starting: 'Starting',
  ofTotal: (loaded: string, total: string) => `${loaded} of ${total}`,
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
  lengthReached: 'stopped at the longest answer allowed in Settings',
  answerComplete: 'Answer complete',
  figures: (speed: string, first: string, count: number) =>
    `${speed} tokens/s · first token ${first} s · ${count} tokens`,
  system: 'System message',
  systemHint: 'Said to the model before the conversation. Empty: what the model itself brings.',
  temperature: 'Temperature',
  temperatureHint: '0 always takes the likeliest word; higher is more varied.',
  maxTokens: 'Longest answer, in tokens',
  bits: 'Weights',
  bitsHint: 'For 16- and 32-bit models, from the next load on. Fewer bits are smaller and faster.',
  bitsSource: 'as in the file',
  bitsOf: (bits: string) => `${bits} bits`,
  softwareAdapter: 'No GPU was found, so the model runs on the processor: expect it to be slow.',
  loadFailed: 'The model could not be loaded',
  answerFailed: 'The answer was interrupted',
  conversationFull: 'This conversation has grown longer than the model can keep in mind.',
  startNewChat: 'Start a new chat',
  /** What the page says of a kind of failure before the library's own, English words. */
  errors: {} as Readonly<Record<string, string>>,
  retry: 'Try again',
  noGpuTitle: 'This browser cannot run the model',
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
}

export type Strings = typeof english

const chinese: Strings = {
  newChat: '新对话',
  settings: '设置',
  close: '关闭',
  language: '语言',
  tagline: '小型语言模型，直接在你自己的 GPU 上运行。你写的内容不会离开这台设备。',
  chooseFile: '选择文件',
  chooseFileHint: 'GGUF',
  chooseFolder: '选择文件夹',
  chooseFolderHint: 'safetensors',
  dropHint: '也可以把它拖到页面上的任意位置',
  address: '网址或 Hugging Face 仓库',
  addressPlaceholder: 'org/name 或 https://…/model.gguf',
  load: '加载',
  resume: (name) => `继续使用 ${name}`,
  loadAnother: '加载其他模型',
  cancel: '取消',
  loading: (name) => `正在加载 ${name}`,
  phases: {
    open: '正在打开模型',
    compile: '正在准备 GPU',
    weights: '正在把权重送入 GPU',
  },
  starting: '正在启动',
  ofTotal: (loaded, total) => `${loaded} / ${total}`,
  ready: (name) => `${name} 已就绪`,
  emptyChat: '想问什么都可以。',
  conversation: '对话',
  message: '消息',
  messagePlaceholder: '写点什么',
  send: '发送',
  stop: '停止',
  you: '你',
  model: '模型',
  thinking: '正在阅读你的消息',
  copy: '复制',
  copied: '已复制',
  stopped: '已停止',
  lengthReached: '已达到设置中的最长回答',
  answerComplete: '回答完毕',
  figures: (speed, first, count) => `每秒 ${speed} 个词元 · 首个词元 ${first} 秒 · 共 ${count} 个`,
  system: '系统消息',
  systemHint: '在对话之前告诉模型的话。留空则使用模型自带的。',
  temperature: '温度',
  temperatureHint: '0 总是取最可能的词；越高越多样。',
  maxTokens: '最长回答（词元数）',
  bits: '权重',
  bitsHint: '用于 16 位和 32 位模型，下次加载时生效。位数越少，占用越小、速度越快。',
  bitsSource: '与文件一致',
  bitsOf: (bits) => `${bits} 位`,
  softwareAdapter: '没有找到 GPU，模型将在处理器上运行：速度会比较慢。',
  loadFailed: '模型加载失败',
  answerFailed: '回答中断',
  conversationFull: '这段对话已经超出模型能记住的长度。',
  startNewChat: '开始新对话',
  errors: {
    'webgpu-unavailable': '此浏览器无法提供 WebGPU，模型不能运行。',
    'device-lost': '浏览器失去了与 GPU 的连接，请重新加载模型。',
    'device-out-of-memory': 'GPU 内存不足，请换一个更小的模型，或在设置中减少权重位数。',
    'device-limit-exceeded': '这个模型超出了此 GPU 的能力，请换一个更小的模型。',
    'source-invalid': '这不是可以加载的模型地址。',
    'source-not-found': '没有找到这个文件，请检查地址。',
    'source-forbidden': '服务器拒绝访问：文件可能是私有的，或需要登录。',
    'source-unavailable': '服务器暂时无法提供这个文件，请稍后再试。',
    'source-ambiguous': '这里有多个模型文件，请指定其中一个。',
    'range-unsupported': '服务器不支持按范围读取文件，请下载后从磁盘选择。',
    'network-failed': '连接中断，或服务器不允许本页面读取。请检查网络和地址。',
    'file-truncated': '文件不完整，请重新下载。',
    'file-malformed': '文件已损坏，或不是模型文件。',
    'format-unsupported': '不支持这种文件格式。',
    'architecture-unknown': '不支持这种模型架构。',
  },
  retry: '重试',
  noGpuTitle: '此浏览器无法运行模型',
  insecure:
    '页面不是通过安全连接打开的，而浏览器只在安全连接下提供 GPU。请用 https 打开，或使用 127.0.0.1 或 localhost。',
  noApi: '此浏览器不支持 WebGPU。',
  noAdapter: '此浏览器支持 WebGPU，但没有可用的图形适配器。',
  adviceChromium:
    '请在浏览器设置的“系统”中打开“使用图形加速（如果可用）”，并更新显卡驱动。在 Linux 上还需在 chrome://flags 中启用“Unsafe WebGPU Support”和“Vulkan”。chrome://gpu 会说明缺少什么。',
  adviceChromiumOld: '请更新 Chrome 或 Edge：121 及以后的版本在桌面和 Android 上支持 WebGPU。',
  adviceFirefox:
    '请更新 Firefox，并在 about:config 中把 dom.webgpu.enabled 设为 true。若仍无效，请使用 Chrome 或 Edge。',
  adviceSafari: '请更新到 Safari 26（macOS 或 iOS 26），或在 Safari 高级设置的功能标志中打开 WebGPU。',
  adviceOther: '请使用最新的 Chrome、Edge、Firefox 或 Safari 26。',
  tryAnyway: '仍然尝试',
  permissionDenied: '浏览器不再允许读取该文件，请重新选择。',
  unsupportedDrop: '请拖入 .gguf 文件，或包含 config.json 和 safetensors 的文件夹。',
}

export type Language = 'en' | 'zh-Hans'

export const languages: ReadonlyMap<Language, { readonly name: string; readonly strings: Strings }> = new Map([
  ['en', { name: 'English', strings: english }],
  ['zh-Hans', { name: '简体中文', strings: chinese }],
])

/** What the visitor's browser asks for, of what there is. */
export function preferredLanguage(wanted: readonly string[]): Language {
  for (const tag of wanted) {
    if (/^zh\b/i.test(tag)) return 'zh-Hans'
    if (/^en\b/i.test(tag)) return 'en'
  }
  return 'en'
}

export function stringsOf(language: Language): Strings {
  return languages.get(language)?.strings ?? english
}
