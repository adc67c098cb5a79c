// Logits as sampling is to see them: with penalties on tokens of prompt and answer (repetition: Keskar et al. 2019, "CTRL";
// frequency and presence: OpenAI's API reference), then biases (EDITS), then −∞ for what the mask leaves out (MASK). The
// model's own logits stay as they are, and a token without penalty and bias keeps its very bits. Also counts the token that
// the step before chose. Dispatch: one workgroup for every 256 tokens.

// Word 0: vocabulary.
@group(0) @binding(0) var<storage, read> logits: array<u32>;
@group(0) @binding(1) var<uniform> parameters: vec4<u32>;
@group(0) @binding(2) var<storage, read> state: array<u32>;
@group(0) @binding(3) var<storage, read_write> adjusted: array<u32>;
//! if EDITS
struct Edits {
  repetition: f32,
  reciprocal: f32,  // 1 / repetition
  frequency: f32,
  presence: f32,
  // Of every token: how often the answer has it (IN_PROMPT: so has the prompt), and the bits of its bias.
  tokens: array<vec2<u32>>,
}
@group(0) @binding(4) var<storage, read_write> edits: Edits;
//! end
//! if MASK
@group(0) @binding({{MASK_AT}}) var<storage, read> mask: array<u32>;
//! end

const TOKENS = 256u;
const WORKGROUP = 64u;
const NOTHING = 0xff800000u;  // −∞
const IN_PROMPT = 0x80000000u;
// Larger logits than any model's, and small enough that penalties on them stay finite.
const LARGEST = 1e30;

//! if EDITS
fn edited(token: u32, bits: u32) -> u32 {
  var edit = edits.tokens[token];
  // Word 2 of the state is the last token, word 3 how many have been chosen.
  if (state[3] != 0u && state[2] == token) {
    edit.x += 1u;
    edits.tokens[token].x = edit.x;
  }
  // NaN and −∞ can never be chosen and stay so.
  if ((edit.x | (edit.y << 1u)) == 0u || (bits & 0x7fffffffu) > 0x7f800000u || bits == NOTHING) { return bits; }
  var logit = clamp(bitcast<f32>(min(bits & 0x7fffffffu, 0x7f7fffffu) | (bits & 0x80000000u)), -LARGEST, LARGEST);
  if (edit.x != 0u) {
    logit *= select(edits.reciprocal, edits.repetition, logit < 0.0);
    let count = edit.x & 0x7fffffffu;
    logit -= f32(count) * edits.frequency + select(0.0, edits.presence, count != 0u);
  }
  return bitcast<u32>(logit + bitcast<f32>(edit.y));
}
//! end

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  if (state[4] != 0u) { return; }
  for (var at = lane; at < TOKENS; at += WORKGROUP) {
    let token = workgroup.x * TOKENS + at;
    if (token >= parameters.x) { return; }
    var bits = logits[token];
//! if EDITS
    bits = edited(token, bits);
//! end
//! if MASK
    if (((mask[token / 32u] >> (token % 32u)) & 1u) == 0u) { bits = NOTHING; }
//! end
    adjusted[token] = bits;
  }
}
