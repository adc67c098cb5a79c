import type { ResultDraft } from './result-types.ts'

/**
 * Names what was measured on what, as 16 hexadecimal digits: FNV-1a, 64 bits. Equal for runs whose numbers may be put side by side as
 * repetitions of one another.
 */
export function configurationOf({ suite, machine, conditions, harness, engines }: ResultDraft): string {
  const adapter = machine.adapter ?? engines.find(({ identity }) => identity.adapter)?.identity.adapter
  const what = [
    suite.name,
    suite.version,
    suite.seed,
    suite.tests.map(({ test, depth }) => [test, depth]),
    harness.version,
    machine.runtime.kind,
    machine.runtime.name,
    machine.runtime.version ?? '',
    machine.os?.name ?? '',
    machine.os?.version ?? '',
    machine.cores ?? 0,
    machine.declaredGpu ?? '',
    adapter ? [adapter.vendor, adapter.architecture, adapter.description, adapter.software] : [],
    conditions.developerFeatures === true,
    engines
      .map(({ engine, build, model, identity }) => [
        engine,
        build ?? '',
        model,
        identity.version,
        identity.device,
        identity.model.hash ?? '',
        identity.model.quantization ?? '',
      ])
      .map((parts) => JSON.stringify(parts))
      .sort(),
  ]
  let hash = 0xcbf29ce484222325n
  for (const byte of new TextEncoder().encode(JSON.stringify(what)))
    hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n)
  return hash.toString(16).padStart(16, '0')
}
