// Shared by the sampling kernels; the whole scheme is described in sample.ts.
//
// A logit is handled as `order`, a u32 that rises as the logit falls, so that the best token has the least; NaN and −∞ have
// EXCLUDED and are never chosen. Bits are used where a shader compiler may assume that NaN and infinities do not occur.
// Masses are fixed point, so that their sums are the same in whatever order they are added: hi counts 2^-13, lo 2^-34.

struct Parameters {
  vocabulary: u32,
  chunks: u32,
  top_k: u32,
  top_p: f32,
  distance_scale: f32,  // 2 / temperature: turns half a difference of logits into a distance
  half_reach: f32,      // differences of logits, halved, are cut here: 64 · temperature
  distance_limit: f32,  // min-p: −ln(min_p); at most 32
  seed: u32,
  max_steps: u32,
  stop_count: u32,
  top_logprobs: u32,
  stops: array<vec4<u32>, 8>,
}

@group(0) @binding(0) var<storage, read> logits: array<u32>;
@group(0) @binding(1) var<uniform> parameters: Parameters;
@group(0) @binding(2) var<storage, {{STATE_ACCESS}}> state: array<u32>;
@group(0) @binding(3) var<storage, read_write> scratch: array<atomic<u32>>;

const WORKGROUP = 64u;
const CHUNK = 2048u;
const PER_LANE = 32u;
const EXCLUDED = 0xffffffffu;
const LO_BITS = 21u;
const LO_MASK = 0x1fffffu;

// Words of the state.
const STEP = 3u;
const DONE = 4u;

// Words of the scratch buffer: (order, token) and mass of every chunk, what the searches found, their histograms.
const BEST_AT = 0u;
const MASS_AT = 512u;
const FOUND_AT = 1024u;
const COUNTS_AT = array<u32, 3>(1040u, 1552u, 5648u);    // 2^9, 2^12, 2^11 counts
const MASSES_AT = array<u32, 3>(7696u, 8464u, 11536u);   // 2^8, 2^10, 2^9 of three words
const HISTOGRAMS_AT = 1040u;
const SCRATCH_END = 13072u;

fn order_of(token: u32) -> u32 {
  if (token >= parameters.vocabulary) { return EXCLUDED; }
  var bits = logits[token];
  let magnitude = bits & 0x7fffffffu;
  if (magnitude > 0x7f800000u || bits == 0xff800000u) { return EXCLUDED; }
  if (magnitude == 0u) { bits = 0u; }
  if (magnitude == 0x7f800000u) { bits = 0x7f7fffffu; }
  return select(bits ^ 0x7fffffffu, bits, (bits >> 31u) == 1u);
}

fn logit_of(order: u32) -> f32 {
  return bitcast<f32>(select(order ^ 0x7fffffffu, order, (order >> 31u) == 1u));
}

// (best − logit) / temperature, up to 128. Halves, so that the difference of any two finite logits is finite.
fn distance_of(order: u32, best: u32) -> f32 {
  let halved = min(logit_of(best) * 0.5 - logit_of(order) * 0.5, parameters.half_reach);
  return halved * parameters.distance_scale;
}

struct Mass { hi: u32, lo: u32 }

fn carried(hi: u32, lo: u32) -> Mass { return Mass(hi + (lo >> LO_BITS), lo & LO_MASK); }

fn is_less(a: Mass, b: Mass) -> bool { return a.hi < b.hi || (a.hi == b.hi && a.lo < b.lo); }

fn less_by(a: Mass, b: Mass) -> Mass {
  let borrow = select(0u, 1u, a.lo < b.lo);
  return Mass(a.hi - b.hi - borrow, a.lo + (borrow << LO_BITS) - b.lo);
}

// e^-distance, rounded down to a multiple of 2^-34.
fn mass_of(distance: f32) -> Mass {
  if (!(distance < 32.0)) { return Mass(0u, 0u); }
  let scaled = exp(-distance) * 8192.0;
  let whole = floor(scaled);
  return Mass(u32(whole), u32((scaled - whole) * 2097152.0));
}

// Distances as 27-bit integers, whose order the search for top-p descends.
fn distance_key(distance: f32) -> u32 { return u32(distance * 4194304.0); }
