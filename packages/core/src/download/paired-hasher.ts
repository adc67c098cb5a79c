import type { FileDigests, HashPosition } from './file-hash.ts'
import type { Hasher, HashRun } from './hasher.ts'

/**
 * Two hashers beside each other, as every byte of a model is hashed twice and one core is slower at that than a fast line: one makes the
 * digests of whole files, the other those of their pieces.
 */
export function pairedHasher(wholes: Hasher, pieces: Hasher): Hasher {
  return {
    begin(task) {
      const { size, digest, plan, from } = task
      if (!plan || !digest) return wholes.begin(task)
      const begun = { size, ...(from && { from }) }
      return pairedRun(wholes.begin({ ...begun, digest }), pieces.begin({ ...begun, plan }))
    },
  }
}

function pairedRun(...runs: readonly [whole: HashRun, pieces: HashRun]): HashRun {
  const both = async <T extends HashPosition | FileDigests>(ask: (run: HashRun) => Promise<T>): Promise<T> => {
    const [whole, pieces] = await Promise.all([ask(runs[0]), ask(runs[1])])
    return { ...whole, ...pieces }
  }
  return {
    async update(bytes) {
      await Promise.all(runs.map((run) => run.update(bytes)))
    },
    mark() {
      for (const run of runs) run.mark()
    },
    export: (position) => both((run) => run.export(position)),
    digests: () => both((run) => run.digests()),
    close() {
      for (const run of runs) run.close()
    },
  }
}
