import { engineOf } from '../result/engine-of.ts'
import type { BenchResult, ResultEngine, ResultRow } from '../result/result-types.ts'

type Value = string | number | boolean | undefined
type Column = (row: ResultRow, engine: ResultEngine | undefined, result: BenchResult) => Value

const columns: Readonly<Record<string, Column>> = {
  run: (_, __, { runId }) => runId,
  started_at: (_, __, { startedAt }) => startedAt,
  suite: (_, __, { suite }) => suite.name,
  suite_version: (_, __, { suite }) => suite.version,
  harness_version: (_, __, { harness }) => harness.version,
  configuration: (_, __, { configuration }) => configuration,
  runtime: (_, __, { machine }) => machine.runtime.name,
  runtime_version: (_, __, { machine }) => machine.runtime.version,
  os: (_, __, { machine }) => machine.os?.name,
  declared_gpu: (_, __, { machine }) => machine.declaredGpu,
  adapter_vendor: (_, engine) => engine?.identity.adapter?.vendor,
  adapter_architecture: (_, engine) => engine?.identity.adapter?.architecture,
  adapter_description: (_, engine) => engine?.identity.adapter?.description,
  adapter_software: (_, engine) => engine?.identity.adapter?.software,
  engine: ({ engine }) => engine,
  build: ({ build }) => build,
  engine_version: (_, engine) => engine?.identity.version,
  engine_commit: (_, engine) => engine?.identity.commit,
  device: (_, engine) => engine?.identity.device,
  model: ({ model }) => model,
  model_hash: (_, engine) => engine?.identity.model.hash,
  architecture: (_, engine) => engine?.identity.model.architecture,
  parameters: (_, engine) => engine?.identity.model.parameters,
  quantization: (_, engine) => engine?.identity.model.quantization,
  bits_per_weight: (_, engine) => engine?.identity.model.bitsPerWeight,
  weight_bytes: (_, engine) => engine?.identity.model.weightBytes,
  test: ({ test }) => test,
  depth: ({ depth }) => depth,
  status: ({ status }) => status,
  reason: (row) => (row.status === 'measured' ? undefined : row.reason),
  samples: ({ samples }) => samples.length,
  tokens_per_second: ({ derived }) => derived?.tokensPerSecond.median,
  tokens_per_second_low: ({ derived }) => derived?.tokensPerSecond.low,
  tokens_per_second_high: ({ derived }) => derived?.tokensPerSecond.high,
  tokens_per_second_mad: ({ derived }) => derived?.tokensPerSecond.mad,
  ttft_ms: ({ derived }) => derived?.ttftMs.median,
  itl_ms_p50: ({ derived }) => derived?.itlMs?.p50,
  itl_ms_p95: ({ derived }) => derived?.itlMs?.p95,
  itl_ms_p99: ({ derived }) => derived?.itlMs?.p99,
  itl_ms_max: ({ derived }) => derived?.itlMs?.max,
  dispatches_per_token: ({ derived }) => derived?.countersPerToken?.dispatches,
  submits_per_token: ({ derived }) => derived?.countersPerToken?.submits,
  readbacks_per_token: ({ derived }) => derived?.countersPerToken?.readbacks,
  host_ms_per_token: ({ derived }) => derived?.hostMsPerToken,
  roofline_of: ({ derived }) => derived?.roofline?.of,
  roofline_share: ({ derived }) => derived?.roofline?.share,
  memory_bytes: ({ memory }) => memory?.total,
  frame_ms_p95: ({ frames }) => frames?.p95Ms,
  agreement: ({ derived }) => derived?.agreement,
  spread: ({ derived }) => derived?.spread,
  drift: ({ derived }) => derived?.drift,
  flags: ({ derived }) => derived?.flags.join(' '),
  ranked: ({ derived }) => derived?.unranked.length === 0,
  unranked: ({ derived }) => derived?.unranked.join(' '),
}

/**
 * Rows of any number of results as a table for spreadsheets and data frames: RFC 4180, a header first, what is absent empty. Texts that a
 * spreadsheet would take for a formula begin with an apostrophe.
 */
export function resultsToCsv(results: readonly BenchResult[]): string {
  const lines = [Object.keys(columns).join(',')]
  for (const result of results)
    for (const row of result.rows) {
      const engine = engineOf(result, row)
      lines.push(
        Object.values(columns)
          .map((column) => cell(column(row, engine, result)))
          .join(','),
      )
    }
  return `${lines.join('\r\n')}\r\n`
}

function cell(value: Value): string {
  if (value === undefined) return ''
  if (typeof value !== 'string') return String(value)
  const text = /^\s*[=+\-@|%\uff1d\uff0b\uff0d\uff20]/.test(value) ? `'${value}` : value
  return /[",\r\n]/.test(text) || text !== text.trim() ? `"${text.replaceAll('"', '""')}"` : text
}
