// Fused CPU operations for training (see fast.py): bf16 in and out, fp32 inside, AVX-512 BF16. n: tokens of all documents, one after another.
// Every sum has a fixed order whatever the number of threads, so a resumed run stays bit-exact.
#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <immintrin.h>
#include <torch/library.h>

#include <atomic>
#include <cmath>
#include <cstring>
#include <vector>

using at::Tensor;
using bf16 = uint16_t;
using word = uint32_t;  // two bf16 that are multiplied together
constexpr int D = 64;   // size of a head
constexpr int HALF = D / 2;
constexpr int CHUNK = 256;  // tokens whose weight gradients are added up together

static inline __m512 load(const bf16* p) { return _mm512_castsi512_ps(_mm512_slli_epi32(_mm512_cvtepu16_epi32(_mm256_loadu_si256((const __m256i*)p)), 16)); }
static inline __m256i narrow(__m512 x) { return (__m256i)_mm512_cvtneps_pbh(x); }
static inline void store(bf16* p, __m512 x) { _mm256_storeu_si256((__m256i*)p, narrow(x)); }
static bf16* data(const Tensor& t) { return (bf16*)t.data_ptr(); }
static int up16(int n) { return (n + 15) & ~15; }

static inline __m512 exp2v(__m512 x) {
  x = _mm512_max_ps(x, _mm512_set1_ps(-126.f));
  __m512 whole = _mm512_roundscale_ps(x, 0), f = _mm512_sub_ps(x, whole);
  __m512 y = _mm512_set1_ps(1.5353362e-4f);
  for (float c : {1.3398874e-3f, 9.6184373e-3f, 5.5503324e-2f, 2.4022648e-1f, 6.9314718e-1f, 1.f}) y = _mm512_fmadd_ps(y, f, _mm512_set1_ps(c));
  return _mm512_scalef_ps(y, whole);
}

// ---- residual add and RMSNorm ----

// x, y [n, c] → x + y, its norm [n, c], 1 / root mean square [n]
std::vector<Tensor> add_norm(Tensor x, Tensor y, Tensor weight, double epsilon) {
  int64_t n = x.size(0), c = x.size(1);
  Tensor total = at::empty_like(x), out = at::empty_like(x), scale = at::empty({n}, weight.options());
  const float* w = weight.data_ptr<float>();
  at::parallel_for(0, n, CHUNK, [&](int64_t first, int64_t last) {
    for (int64_t i = first; i < last; i++) {
      bf16 *t = data(total) + i * c, *o = data(out) + i * c;
      __m512 squares = _mm512_setzero_ps();
      for (int k = 0; k < c; k += 16) {
        store(t + k, _mm512_add_ps(load(data(x) + i * c + k), load(data(y) + i * c + k)));
        __m512 v = load(t + k);
        squares = _mm512_fmadd_ps(v, v, squares);
      }
      float r = 1.f / std::sqrt(_mm512_reduce_add_ps(squares) / c + (float)epsilon);
      scale.data_ptr<float>()[i] = r;
      for (int k = 0; k < c; k += 16) store(o + k, _mm512_mul_ps(_mm512_mul_ps(load(t + k), _mm512_set1_ps(r)), _mm512_loadu_ps(w + k)));
    }
  });
  return {total, out, scale};
}

// gradients of the sum (may be empty) and of the norm → gradient of x (and of y), of weight
std::vector<Tensor> add_norm_backward(Tensor d_total, Tensor d_out, Tensor total, Tensor scale, Tensor weight) {
  int64_t n = total.size(0), c = total.size(1), chunks = (n + CHUNK - 1) / CHUNK;
  bool carried = d_total.numel() > 0;
  Tensor dx = at::empty_like(total), dw = at::zeros({chunks, c}, weight.options());
  const float* w = weight.data_ptr<float>();
  at::parallel_for(0, chunks, 1, [&](int64_t first, int64_t last) {
    for (int64_t i = first * CHUNK; i < std::min(n, last * CHUNK); i++) {
      const bf16 *t = data(total) + i * c, *g = data(d_out) + i * c;
      float* sums = dw.data_ptr<float>() + i / CHUNK * c;
      __m512 r = _mm512_set1_ps(scale.data_ptr<float>()[i]), dot = _mm512_setzero_ps();
      for (int k = 0; k < c; k += 16) {
        __m512 both = _mm512_mul_ps(load(g + k), _mm512_mul_ps(load(t + k), r));
        _mm512_storeu_ps(sums + k, _mm512_add_ps(_mm512_loadu_ps(sums + k), both));
        dot = _mm512_fmadd_ps(both, _mm512_loadu_ps(w + k), dot);
      }
      __m512 mean = _mm512_set1_ps(_mm512_reduce_add_ps(dot) / c);
      for (int k = 0; k < c; k += 16) {
        __m512 hat = _mm512_mul_ps(load(t + k), r), v = _mm512_mul_ps(r, _mm512_fnmadd_ps(hat, mean, _mm512_mul_ps(load(g + k), _mm512_loadu_ps(w + k))));
        store(data(dx) + i * c + k, carried ? _mm512_add_ps(v, load(data(d_total) + i * c + k)) : v);
      }
    }
  });
  return {dx, dw.sum(0)};
}

// ---- silu(gate) · up ----

static inline __m512 sigmoid(__m512 x) { return _mm512_div_ps(_mm512_set1_ps(1.f), _mm512_add_ps(_mm512_set1_ps(1.f), exp2v(_mm512_min_ps(_mm512_mul_ps(x, _mm512_set1_ps(-1.44269504f)), _mm512_set1_ps(126.f))))); }

// [n, 2 f], gate and up side by side → [n, f]
Tensor gated(Tensor x) {
  int64_t n = x.size(0), f = x.size(1) / 2;
  Tensor out = at::empty({n, f}, x.options());
  at::parallel_for(0, n, CHUNK, [&](int64_t first, int64_t last) {
    for (int64_t i = first; i < last; i++)
      for (int k = 0; k < f; k += 16) {
        __m512 g = load(data(x) + 2 * i * f + k), u = load(data(x) + (2 * i + 1) * f + k);
        store(data(out) + i * f + k, _mm512_mul_ps(_mm512_mul_ps(g, sigmoid(g)), u));
      }
  });
  return out;
}

Tensor gated_backward(Tensor d, Tensor x) {
  int64_t n = x.size(0), f = x.size(1) / 2;
  Tensor dx = at::empty_like(x);
  at::parallel_for(0, n, CHUNK, [&](int64_t first, int64_t last) {
    for (int64_t i = first; i < last; i++)
      for (int k = 0; k < f; k += 16) {
        __m512 g = load(data(x) + 2 * i * f + k), u = load(data(x) + (2 * i + 1) * f + k), e = load(data(d) + i * f + k), s = sigmoid(g), silu = _mm512_mul_ps(g, s);
        __m512 slope = _mm512_fmadd_ps(silu, _mm512_sub_ps(_mm512_set1_ps(1.f), s), s);
        store(data(dx) + 2 * i * f + k, _mm512_mul_ps(_mm512_mul_ps(e, u), slope));
        store(data(dx) + (2 * i + 1) * f + k, _mm512_mul_ps(e, silu));
      }
  });
  return dx;
}

// ---- softmax and cross-entropy ----

// logits [m, vocabulary] become their gradient times `weight`; → loss of each row [m]
Tensor cross_entropy_(Tensor logits, Tensor wanted, double weight) {
  int64_t m = logits.size(0), v = logits.size(1);
  Tensor loss = at::empty({m}, at::kFloat);
  const __m512 log2e = _mm512_set1_ps(1.44269504f);
  at::parallel_for(0, m, 16, [&](int64_t first, int64_t last) {
    std::vector<float> e(v);
    for (int64_t i = first; i < last; i++) {
      bf16* row = data(logits) + i * v;
      __m512 most = load(row), sum = _mm512_setzero_ps();
      for (int k = 16; k < v; k += 16) most = _mm512_max_ps(most, load(row + k));
      float top = _mm512_reduce_max_ps(most);
      int64_t answer = wanted.data_ptr<int64_t>()[i];
      word bits = (word)row[answer] << 16;
      float its;
      std::memcpy(&its, &bits, 4);
      for (int k = 0; k < v; k += 16) {
        __m512 p = exp2v(_mm512_mul_ps(_mm512_sub_ps(load(row + k), _mm512_set1_ps(top)), log2e));
        _mm512_storeu_ps(&e[k], p);
        sum = _mm512_add_ps(sum, p);
      }
      float total = _mm512_reduce_add_ps(sum);
      loss.data_ptr<float>()[i] = std::log(total) + top - its;
      __m512 share = _mm512_set1_ps((float)weight / total);
      e[answer] -= total;
      for (int k = 0; k < v; k += 16) store(row + k, _mm512_mul_ps(_mm512_loadu_ps(&e[k]), share));
    }
  });
  return loss;
}

#include "fast_attention.h"

TORCH_LIBRARY(pocket, m) {
  m.def("add_norm", &add_norm);
  m.def("add_norm_backward", &add_norm_backward);
  m.def("gated", &gated);
  m.def("gated_backward", &gated_backward);
  m.def("cross_entropy_(Tensor(a!) logits, Tensor wanted, float weight) -> Tensor", &cross_entropy_);
  m.def("attend", &attend);
  m.def("attend_backward", &attend_backward);
}
