import { cpSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { removeFolder, repository, type Tarballs, temporaryFolder } from './pack.ts'
import { runNpm } from './run-npm.ts'

/** The folder of an app outside this repository, in which npm has installed the tarballs. */
export class Consumer {
  readonly folder: string

  private constructor(folder: string) {
    this.folder = folder
  }

  /** @param others packages of the registry, `name@version`; without any, npm needs no network. */
  static async install({ files }: Tarballs, others: readonly string[] = []): Promise<Consumer> {
    const consumer = new Consumer(temporaryFolder('sampan-app-'))
    consumer.write('package.json', JSON.stringify({ name: 'app', private: true, type: 'module' }))
    await runNpm(
      consumer.folder,
      'install',
      ...(others.length > 0 ? ['--prefer-offline'] : ['--offline']),
      ...files,
      ...others,
    )
    mkdirSync(consumer.path('public'))
    cpSync(join(repository, 'test', 'fixtures', 'tiny.gguf'), consumer.path('public/tiny.gguf'))
    return consumer
  }

  path(name: string): string {
    return join(this.folder, name)
  }

  write(name: string, content: string): void {
    mkdirSync(dirname(this.path(name)), { recursive: true })
    writeFileSync(this.path(name), content)
  }

  remove(): void {
    removeFolder(this.folder)
  }
}
