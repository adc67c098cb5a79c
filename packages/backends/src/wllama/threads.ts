/** More threads than this wait for each other longer than they help with models of a size that a CPU can run. */
const MOST_THREADS = 8

/** Half the logical cores, which are mostly two to a real one; WebAssembly has threads in cross-origin isolated pages only. */
export function threadCount(isolated: boolean, cores: number): number {
  if (!isolated) return 1
  return Math.min(MOST_THREADS, cores > 2 ? Math.ceil(cores / 2) : Math.max(1, cores))
}
