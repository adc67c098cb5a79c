import { englishWords, type ReportWords } from '@sampan/bench'
import type { Facet, Part } from './view-state.ts'

export interface Strings {
  readonly report: ReportWords
  readonly title: string
  readonly subtitle: string
  readonly language: string
  readonly parts: Readonly<Record<Part, string>>
  readonly measure: {
    readonly intro: string
    readonly private: string
    readonly gpu: string
    readonly gpuHint: string
    readonly model: string
    readonly modelHint: string
    readonly suggestions: string
    readonly wllama: string
    readonly suite: string
    readonly suites: Readonly<Record<'quick' | 'standard' | 'depth' | 'custom', string>>
    readonly start: string
    readonly stop: string
    readonly stopping: string
    readonly again: string
    readonly noGpu: string
    readonly software: string
    readonly asking: string
    readonly consent: (model: string, size: string) => string
    readonly consentLicence: (licence: string) => string
    readonly unknownSize: string
    readonly agree: (size: string) => string
    readonly onlyPocket: string
    readonly back: string
    readonly unreachable: (model: string, why: string) => string
    readonly cannotRun: string
    readonly keepVisible: string
    readonly wasHidden: string
    readonly progress: string
    readonly secondsLeft: (seconds: number) => string
    readonly minutesLeft: (minutes: number) => string
    readonly preparing: string
    readonly answers: (engine: string) => string
    readonly probing: string
    readonly cell: (what: string) => string
    readonly rows: string
    readonly provisional: string
    readonly done: string
    readonly stopped: string
    readonly failed: (why: string) => string
    readonly copy: string
    readonly copied: string
    readonly notCopied: string
    readonly save: (format: string) => string
    readonly among: string
    readonly canvas: string
  }
  readonly results: {
    readonly intro: string
    readonly none: string
    readonly choose: string
    readonly drop: string
    readonly address: string
    readonly load: string
    readonly loaded: (name: string) => string
    readonly facets: Readonly<Record<Facet, string>>
    readonly all: string
    readonly clear: string
    readonly shown: (rows: number, runs: number) => string
    readonly nothing: string
    readonly whole: string
    readonly refused: (file: string) => string
    readonly problems: Readonly<Record<'unreachable' | 'too-large' | 'no-address', string>>
    readonly status: (status: number) => string
    readonly dismiss: string
    readonly fromHere: string
    readonly report: string
  }
  readonly compare: {
    readonly intro: string
    readonly base: string
    readonly other: string
    readonly choose: string
    readonly needTwo: string
    readonly missing: string
    readonly swap: string
    readonly change: string
    readonly verdict: string
    readonly verdicts: Readonly<Record<'faster' | 'slower' | 'no-difference-shown' | 'cannot-tell', string>>
    readonly table: string
    readonly notes: string
    readonly apart: string
    readonly conclusion: Readonly<Record<0 | 1 | 2, string>>
  }
  readonly add: {
    readonly title: string
    readonly steps: readonly string[]
    readonly rules: readonly string[]
  }
}

export const english: Strings = {
  report: englishWords,
  title: 'Sampan bench',
  subtitle: 'Tokens per second of models in this browser',
  language: 'Language',
  parts: { measure: 'Measure', results: 'Results', compare: 'Compare', add: 'Add yours' },
  measure: {
    intro:
      'Measures how fast this browser and this GPU read and write with Pocket, a model of 7 MB that comes with this page. A few minutes on a laptop’s GPU.',
    private: 'Nothing is uploaded: the result stays in this page until you copy or save it.',
    gpu: 'Your GPU (optional)',
    gpuHint: 'Browsers do not tell its name. Kept on this device, and written into the results.',
    model: 'One more model (optional)',
    modelHint: 'A Hugging Face repository or the URL of a GGUF file. Its size is shown before anything is downloaded.',
    suggestions: 'For example',
    wllama: 'Compare with wllama (llama.cpp on the CPU): takes twice as long or more',
    suite: 'Suite',
    suites: {
      quick: 'quick: three tests',
      standard: 'standard: up to 2,048 tokens of context',
      depth: 'depth: up to 8,192 tokens of context',
      custom: 'as the address says',
    },
    start: 'Start',
    stop: 'Stop',
    stopping: 'Stopping …',
    again: 'Measure again',
    noGpu: 'This browser has no WebGPU here: only the CPU can be measured, with wllama.',
    software: 'WebGPU is a program on the CPU here: the numbers will say nothing about a GPU, and are marked so.',
    asking: 'Asking how large the model is …',
    consent: (model, size) =>
      `${model} is a download of ${size}. It is kept in this browser, and can be deleted with its site data.`,
    consentLicence: (licence) => `Licence: ${licence}.`,
    unknownSize: 'unknown size',
    agree: (size) => `Download ${size} and start`,
    onlyPocket: 'Only Pocket',
    back: 'Back',
    unreachable: (model, why) => `${model} cannot be had: ${why}`,
    cannotRun: 'It will not run here:',
    keepVisible: 'Keep this page in view and the machine otherwise idle.',
    wasHidden:
      'The page was out of view: browsers slow such pages down, so the samples of that time are flagged and their rows not ranked.',
    progress: 'Progress',
    secondsLeft: (seconds) => `about ${seconds} s left`,
    minutesLeft: (minutes) => `about ${minutes} min left`,
    preparing: 'Preparing …',
    answers: (engine) => `${engine}: are the answers right?`,
    probing: 'What can the device do? Copies and matrix products …',
    cell: (what) => what,
    rows: 'Rows so far',
    provisional: 'Shares of the roofline, agreement and ranks come with the whole result.',
    done: 'Done.',
    stopped: 'Stopped. This is what was measured until then.',
    failed: (why) => `The run failed: ${why}`,
    copy: 'Copy as a table',
    copied: 'Copied.',
    notCopied: 'The browser does not allow copying here: save it instead.',
    save: (format) => `Save ${format}`,
    among: 'See it among the results',
    canvas: 'A wave that moves while the engine works: how evenly says what a page would feel.',
  },
  results: {
    intro: 'Result files of this harness, from here or anywhere. They are read in this page and go nowhere.',
    none: 'No results are here yet. Measure, or load a file.',
    choose: 'Choose files',
    drop: 'or drop them anywhere on this page',
    address: 'Address of a result file',
    load: 'Load',
    loaded: (name) => `${name} is loaded.`,
    facets: { gpu: 'GPU', browser: 'Browser', engine: 'Engine', model: 'Model', quantization: 'Quantisation' },
    all: 'all',
    clear: 'Clear filters',
    shown: (rows, runs) => `${rows} ${rows === 1 ? 'row' : 'rows'} of ${runs} ${runs === 1 ? 'run' : 'runs'}`,
    nothing: 'No row passes these filters.',
    whole: 'The whole run: every sample, the probe, the machine',
    refused: (file) => `${file} was not loaded.`,
    problems: {
      unreachable: 'It could not be read: it is not there, or its server does not allow other pages to read it (CORS).',
      'too-large': 'It is larger than a result file may be (64 MiB).',
      'no-address': 'That is no address of the web.',
    },
    status: (status) => `The server answered ${status}.`,
    dismiss: 'Dismiss',
    fromHere: 'this page',
    report: 'Save a report of what is shown',
  },
  compare: {
    intro: 'Two runs of one machine: what changed, row by row, with the interval of the ratio.',
    base: 'Base',
    other: 'Other',
    choose: 'choose a run',
    needTwo: 'Choose two runs. Load their files under Results first.',
    missing: 'This link names a run that is not loaded here: load its file under Results.',
    swap: 'Swap',
    change: 'Change',
    verdict: 'Verdict',
    verdicts: {
      faster: 'faster',
      slower: 'slower',
      'no-difference-shown': 'no difference shown',
      'cannot-tell': 'cannot tell',
    },
    table: 'Tokens per second of the other run by those of the base',
    notes: 'What else differs',
    apart: 'The two were measured apart: what else changed in between is in these numbers too.',
    conclusion: {
      0: 'No row is slower by more than 2 % beyond chance.',
      1: 'At least one row is worse: slower by more than 2 % beyond chance, broken, or wrong.',
      2: 'Nothing can be said.',
    },
  },
  add: {
    title: 'Add results of your machine',
    steps: [
      'Close what else uses the GPU, plug the machine in, and measure here with the suite “standard”; or on the command line: npm run bench -- --suite standard.',
      'Save the JSON, and look at it under Results: its flags say what to do better.',
      'Put the file into demos/bench/results, named by GPU, browser and date (rtx-4090-chromium-2026-11-22.json), and its name into index.json there.',
      'npm test checks every file in that folder: its form, and that all its numbers follow from its samples. Open a pull request.',
    ],
    rules: [
      'Only real runs: no simulations, nothing edited by hand. A software adapter is marked as one.',
      'The file tells your browser, system, GPU and number of cores, and the name of the GPU that you typed. It holds no texts of yours but that and the note.',
    ],
  },
}
