import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Plugin } from 'vite'

export const NOTICES_FILE = 'THIRD-PARTY-NOTICES.txt'

/** Licences that ask for no more than that their text goes along. Another one must be looked at before it is added here. */
const PERMISSIVE: readonly string[] = ['MIT', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', 'ISC', '0BSD']

/** Software that a package has compiled into its own files, so that its folder brings no licence of it. */
export interface CompiledIn {
  readonly name: string
  /** SPDX identifier. */
  readonly licence: string
  /** As its own licence or notice file words it; absent where neither has any. */
  readonly copyright?: string
}

export interface Notices {
  /** Goes into every build whose output is distributed. */
  readonly collect: Plugin
  /** Writes the file, when all of them have ended. */
  write(folder: string): void
}

interface Manifest {
  readonly name: string
  readonly version: string
  readonly license: string
}

/**
 * Gathers the packages of which a build holds code or files, and writes their licences down.
 * @param compiledIn by package
 * @param texts of licences by SPDX identifier, for what is compiled in
 */
export function thirdPartyNotices(
  compiledIn: Readonly<Record<string, readonly CompiledIn[]>>,
  texts: Readonly<Record<string, string>>,
): Notices {
  const folders = new Set<string>()
  return {
    collect: {
      name: 'collect-third-parties',
      generateBundle(_options, bundle) {
        for (const file of Object.values(bundle)) {
          if (file.type !== 'chunk') continue
          for (const id of Object.keys(file.modules)) {
            const folder = packageFolder(id)
            if (folder !== undefined) folders.add(folder)
          }
        }
      },
    },
    write(target) {
      const packages = [...folders]
        .map((folder) => ({ folder, manifest: readManifest(folder) }))
        .sort((a, b) => a.manifest.name.localeCompare(b.manifest.name, 'en'))
      const inside = packages.flatMap(({ manifest: { name } }) =>
        (compiledIn[name] ?? []).map((part) => ({ ...part, within: name })),
      )
      const licences = [...new Set(inside.map(({ licence }) => licence))].sort()
      const sections = [
        'The files of this folder contain software of others, under these licences.\n',
        ...packages.map(({ folder, manifest }) =>
          section(`${manifest.name} ${manifest.version} (${manifest.license})`, licenceText(folder, manifest)),
        ),
        ...inside.map(({ name, within, licence, copyright }) =>
          section(
            `${name}, in ${within} (${licence})`,
            [...(copyright ? [copyright] : []), 'Text: at the end of this file.'].join('\n\n'),
          ),
        ),
        ...licences.map((licence) => section(`Text of ${licence}`, knownText(texts, licence))),
      ]
      writeFileSync(join(target, NOTICES_FILE), sections.join('\n'))
    },
  }
}

/** The folder of the package that a module of a build belongs to; undefined for modules of this repository. */
function packageFolder(id: string): string | undefined {
  return /^\0?(.*\/node_modules\/(?:@[^/]+\/)?[^/@.][^/]*)\//.exec(id)?.[1]
}

function readManifest(folder: string): Manifest {
  const manifest: unknown = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  const text = (key: string): string => {
    const value = typeof manifest === 'object' && manifest !== null ? Reflect.get(manifest, key) : undefined
    if (typeof value !== 'string') throw new Error(`${folder}/package.json has no ${key}: bundle another package.`)
    return value
  }
  return { name: text('name'), version: text('version'), license: text('license') }
}

function licenceText(folder: string, { name, license }: Manifest): string {
  requirePermissive(license, name)
  const files = readdirSync(folder).filter((file) => /^(licen[cs]e|notice)([.-].*)?$/i.test(file))
  if (!files.some((file) => /^licen/i.test(file)))
    throw new Error(`${name} brings no licence file: bundle another package, or name it as compiled in.`)
  return files
    .sort()
    .map((file) => readFileSync(join(folder, file), 'utf8').trim())
    .join('\n\n')
}

function knownText(texts: Readonly<Record<string, string>>, licence: string): string {
  requirePermissive(licence, 'What is compiled in')
  const text = texts[licence]
  if (text === undefined) throw new Error(`There is no text of ${licence}, which something compiled in is under.`)
  return text.trim()
}

function requirePermissive(licence: string, name: string): void {
  if (!PERMISSIVE.includes(licence)) throw new Error(`${name} is under ${licence}: may it be distributed with ours?`)
}

function section(title: string, text: string): string {
  const rule = '-'.repeat(80)
  return `${rule}\n${title}\n${rule}\n\n${text}\n`
}
