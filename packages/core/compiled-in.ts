import type { CompiledIn } from '../../test/tooling/setup/third-party-notices.ts'

const emscripten: CompiledIn = {
  name: 'Emscripten',
  licence: 'MIT',
  copyright: 'Copyright (c) 2010-2014 Emscripten authors, see AUTHORS file.',
}
const musl: CompiledIn = { name: 'musl', licence: 'MIT', copyright: 'Copyright © 2005-2020 Rich Felker, et al.' }

/** What two of our dependencies have compiled into the files that they publish, without its licences. */
export const compiledIn: Readonly<Record<string, readonly CompiledIn[]>> = {
  '@wllama/wllama': [
    { name: 'llama.cpp', licence: 'MIT', copyright: 'Copyright (c) 2023-2024 The ggml authors' },
    emscripten,
    musl,
  ],
  '@mlc-ai/web-llm': [
    {
      name: 'Apache TVM',
      licence: 'Apache-2.0',
      copyright: `Apache TVM
Copyright 2019-2023 The Apache Software Foundation

This product includes software developed at
The Apache Software Foundation (http://www.apache.org/).`,
    },
    { name: 'tokenizers-cpp', licence: 'Apache-2.0' },
    { name: 'Hugging Face tokenizers', licence: 'Apache-2.0' },
    { name: 'SentencePiece', licence: 'Apache-2.0' },
    { name: 'XGrammar', licence: 'Apache-2.0', copyright: 'Copyright (c) 2024 by XGrammar Contributors' },
    { name: 'openai-node', licence: 'Apache-2.0', copyright: 'Copyright 2024 OpenAI' },
    { name: 'loglevel', licence: 'MIT', copyright: 'Copyright (c) 2013 Tim Perry' },
    { name: 'tslib', licence: '0BSD', copyright: 'Copyright (c) Microsoft Corporation.' },
    emscripten,
    musl,
  ],
}

/** MIT and 0BSD without their line of copyright. */
export const licenceTexts = {
  MIT: `Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated documentation files (the
"Software"), to deal in the Software without restriction, including without limitation the rights to use, copy, modify, merge, publish,
distribute, sublicense, and/or sell copies of the Software, and to permit persons to whom the Software is furnished to do so, subject to
the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF
MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY
CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE
SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.`,
  '0BSD': `Permission to use, copy, modify, and/or distribute this software for any purpose with or without fee is hereby granted.

THE SOFTWARE IS PROVIDED "AS IS" AND THE AUTHOR DISCLAIMS ALL WARRANTIES WITH REGARD TO THIS SOFTWARE INCLUDING ALL IMPLIED WARRANTIES OF
MERCHANTABILITY AND FITNESS. IN NO EVENT SHALL THE AUTHOR BE LIABLE FOR ANY SPECIAL, DIRECT, INDIRECT, OR CONSEQUENTIAL DAMAGES OR ANY
DAMAGES WHATSOEVER RESULTING FROM LOSS OF USE, DATA OR PROFITS, WHETHER IN AN ACTION OF CONTRACT, NEGLIGENCE OR OTHER TORTIOUS ACTION,
ARISING OUT OF OR IN CONNECTION WITH THE USE OR PERFORMANCE OF THIS SOFTWARE.`,
} as const
