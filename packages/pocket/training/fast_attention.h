// Causal attention inside each document, with the heads' norms and rope. One task: one document and one key/value head with the queries' heads of its group.
// starts [documents + 1], positions [n] int32; cos, sin [context, 64]; qkv [n, (heads + 2 kv) · 64], heads of q, then of k, then of v.

// C[4, 16·N] (+)= A[4, 2·pairs] · B; B has two rows interleaved into words: [pairs][ldb].
template <int N>
static inline void tile(int pairs, const bf16* a, int lda, const word* b, int ldb, float* c, int ldc, bool add) {
  __m512 sum[4][N];
  for (int m = 0; m < 4; m++)
    for (int n = 0; n < N; n++) sum[m][n] = add ? _mm512_loadu_ps(c + m * ldc + 16 * n) : _mm512_setzero_ps();
  for (int p = 0; p < pairs; p++) {
    __m512i right[N];
    for (int n = 0; n < N; n++) right[n] = _mm512_loadu_si512(b + p * ldb + 16 * n);
    for (int m = 0; m < 4; m++) {
      __m512i left = _mm512_set1_epi32(*(const int*)(a + m * lda + 2 * p));
      for (int n = 0; n < N; n++) sum[m][n] = _mm512_dpbf16_ps(sum[m][n], (__m512bh)left, (__m512bh)right[n]);
    }
  }
  for (int m = 0; m < 4; m++)
    for (int n = 0; n < N; n++) _mm512_storeu_ps(c + m * ldc + 16 * n, sum[m][n]);
}

// rows: a multiple of 4, columns: of 16
static void multiply(int rows, int columns, int pairs, const bf16* a, int lda, const word* b, int ldb, float* c, int ldc, bool add) {
  for (int n = 0; n < columns; n += 64)
    for (int m = 0; m < rows; m += 4) {
      auto with = [&](auto f) { f(pairs, a + m * lda, lda, b + n, ldb, c + m * ldc + n, ldc, add); };
      switch (std::min(4, (columns - n) / 16)) {
        case 4: with(tile<4>); break;
        case 3: with(tile<3>); break;
        case 2: with(tile<2>); break;
        default: with(tile<1>);
      }
    }
}

// rows [t, 64] with a stride → packed copies with zeros up to `padded` rows
static void copy_rows(const bf16* x, int64_t stride, int t, int padded, bf16* out) {
  for (int i = 0; i < t; i++) std::memcpy(out + i * D, x + i * stride, 2 * D);
  std::memset(out + t * D, 0, 2 * D * (padded - t));
}
static void interleave(const bf16* rows, int padded, word* out) {  // → [padded / 2][64]
  for (int i = 0; i < padded; i += 2)
    for (int d = 0; d < D; d += 16) {
      __m512i even = _mm512_cvtepu16_epi32(_mm256_loadu_si256((const __m256i*)(rows + i * D + d))), odd = _mm512_cvtepu16_epi32(_mm256_loadu_si256((const __m256i*)(rows + (i + 1) * D + d)));
      _mm512_storeu_si512(out + i / 2 * D + d, _mm512_or_si512(even, _mm512_slli_epi32(odd, 16)));
    }
}
static void transpose(const void* from, int rows, int columns, void* to) {  // words [rows][columns] → [columns][rows]
  const float* x = (const float*)from;
  float* out = (float*)to;
  for (int r = 0; r < rows; r += 4)
    for (int c = 0; c < columns; c += 4) {
      __m128 v[4];
      for (int k = 0; k < 4; k++) v[k] = _mm_loadu_ps(x + (r + k) * columns + c);
      _MM_TRANSPOSE4_PS(v[0], v[1], v[2], v[3]);
      for (int k = 0; k < 4; k++) _mm_storeu_ps(out + (c + k) * rows + r, v[k]);
    }
}

// one head of one token: x [64] → rope(norm(x))
static void norm_rope(const bf16* x, const float* w, const float* cos, const float* sin, float epsilon, bf16* out) {
  __m512 v[4], squares = _mm512_setzero_ps();
  for (int k = 0; k < 4; k++) v[k] = load(x + 16 * k), squares = _mm512_fmadd_ps(v[k], v[k], squares);
  __m512 r = _mm512_set1_ps(1.f / std::sqrt(_mm512_reduce_add_ps(squares) / D + epsilon));
  for (int k = 0; k < 4; k++) v[k] = _mm512_mul_ps(_mm512_mul_ps(v[k], r), _mm512_loadu_ps(w + 16 * k));
  for (int k = 0; k < 2; k++) {
    __m512 c = _mm512_loadu_ps(cos + 16 * k), s = _mm512_loadu_ps(sin + 16 * k);
    store(out + 16 * k, _mm512_fnmadd_ps(v[k + 2], s, _mm512_mul_ps(v[k], c)));
    store(out + HALF + 16 * k, _mm512_fmadd_ps(v[k], s, _mm512_mul_ps(v[k + 2], c)));
  }
}

// dy [64] → dx; adds the weight's gradient to dw
static void norm_rope_backward(const float* dy, const bf16* x, const float* w, const float* cos, const float* sin, float epsilon, bf16* dx, float* dw) {
  __m512 g[4], hat[4], squares = _mm512_setzero_ps(), dot = _mm512_setzero_ps();
  for (int k = 0; k < 4; k++) hat[k] = load(x + 16 * k), squares = _mm512_fmadd_ps(hat[k], hat[k], squares);
  __m512 r = _mm512_set1_ps(1.f / std::sqrt(_mm512_reduce_add_ps(squares) / D + epsilon));
  for (int k = 0; k < 2; k++) {
    __m512 c = _mm512_loadu_ps(cos + 16 * k), s = _mm512_loadu_ps(sin + 16 * k), a = _mm512_loadu_ps(dy + 16 * k), b = _mm512_loadu_ps(dy + HALF + 16 * k);
    g[k] = _mm512_fmadd_ps(b, s, _mm512_mul_ps(a, c));
    g[k + 2] = _mm512_fnmadd_ps(a, s, _mm512_mul_ps(b, c));
  }
  for (int k = 0; k < 4; k++) {
    hat[k] = _mm512_mul_ps(hat[k], r);
    _mm512_storeu_ps(dw + 16 * k, _mm512_fmadd_ps(g[k], hat[k], _mm512_loadu_ps(dw + 16 * k)));
    g[k] = _mm512_mul_ps(g[k], _mm512_loadu_ps(w + 16 * k));
    dot = _mm512_fmadd_ps(g[k], hat[k], dot);
  }
  __m512 mean = _mm512_set1_ps(_mm512_reduce_add_ps(dot) / D);
  for (int k = 0; k < 4; k++) store(dx + 16 * k, _mm512_mul_ps(r, _mm512_fnmadd_ps(hat[k], mean, g[k])));
}

// Documents are handed out one at a time: lengths differ. `f(task)`, any order.
template <class F>
static void tasks(int64_t count, F f) {
  std::atomic<int64_t> next{0};
  at::parallel_for(0, at::get_num_threads(), 1, [&](int64_t, int64_t) {
    for (int64_t task; (task = next++) < count;) f(task);
  });
}

// → out [n, heads · 64]; normed and rotated q and k [n, (heads + kv) · 64]; log2 of the softmax's denominators [heads, n]
std::vector<Tensor> attend(Tensor qkv, Tensor qw, Tensor kw, Tensor cos, Tensor sin, Tensor starts, Tensor positions, int64_t heads, int64_t kv, double epsilon) {
  int64_t n = qkv.size(0), wide = qkv.size(1), both = (heads + kv) * D, group = heads / kv;
  Tensor out = at::empty({n, heads * D}, qkv.options()), rotated = at::empty({n, both}, qkv.options()), lse = at::empty({heads, n}, qw.options());
  const int* at = positions.data_ptr<int>();
  at::parallel_for(0, n, CHUNK, [&](int64_t first, int64_t last) {
    for (int64_t i = first; i < last; i++)
      for (int h = 0; h < heads + kv; h++)
        norm_rope(data(qkv) + i * wide + h * D, (h < heads ? qw : kw).data_ptr<float>(), cos.data_ptr<float>() + at[i] * D, sin.data_ptr<float>() + at[i] * D, epsilon, data(rotated) + i * both + h * D);
  });
  const float factor = 1.44269504f / std::sqrt((float)D);
  tasks((starts.size(0) - 1) * kv, [&](int64_t task) {
    const int *s = starts.data_ptr<int>() + task / kv, begin = s[0], t = s[1] - begin, padded = up16(t), pair = task % kv;
    std::vector<bf16> rows(padded * D), p(16 * padded);
    std::vector<word> keys(padded * HALF), values(padded * HALF);
    std::vector<float> scores(16 * padded), sum(16 * D);
    copy_rows(data(rotated) + begin * both + (heads + pair) * D, both, t, padded, rows.data());
    transpose(rows.data(), padded, HALF, keys.data());
    copy_rows(data(qkv) + begin * wide + (heads + kv + pair) * D, wide, t, padded, rows.data());
    interleave(rows.data(), padded, values.data());
    for (int h = pair * group; h < (pair + 1) * group; h++) {
      copy_rows(data(rotated) + begin * both + h * D, both, t, padded, rows.data());
      for (int i0 = 0; i0 < t; i0 += 16) {
        int columns = i0 + 16, count = std::min(16, t - i0);
        multiply(16, columns, HALF, &rows[i0 * D], D, keys.data(), padded, scores.data(), padded, false);
        float inverse[16];
        for (int r = 0; r < 16; r++) {
          float* row = &scores[r * padded];
          for (int j = r + 1; j < 16; j++) row[i0 + j] = -1e30f;
          __m512 most = _mm512_loadu_ps(row), total = _mm512_setzero_ps();
          for (int j = 16; j < columns; j += 16) most = _mm512_max_ps(most, _mm512_loadu_ps(row + j));
          float top = _mm512_reduce_max_ps(most) * factor;
          for (int j = 0; j < columns; j += 16) {
            __m512 e = exp2v(_mm512_fmsub_ps(_mm512_loadu_ps(row + j), _mm512_set1_ps(factor), _mm512_set1_ps(top)));
            if (j == i0) e = _mm512_maskz_mov_ps((2u << r) - 1, e);
            total = _mm512_add_ps(total, e);
            store(&p[r * padded + j], e);
          }
          float denominator = _mm512_reduce_add_ps(total);
          inverse[r] = 1.f / denominator;
          if (r < count) lse.data_ptr<float>()[h * n + begin + i0 + r] = top + std::log2(denominator);
        }
        multiply(16, D, columns / 2, p.data(), padded, values.data(), D, sum.data(), D, false);
        for (int r = 0; r < count; r++)
          for (int k = 0; k < D; k += 16)
            store(data(out) + (begin + i0 + r) * heads * D + h * D + k, _mm512_mul_ps(_mm512_loadu_ps(&sum[r * D + k]), _mm512_set1_ps(inverse[r])));
      }
    }
  });
  return {out, rotated, lse};
}

// → gradients of qkv, qw, kw. Tiles of 64 keys × 64 queries hold transposed scores, so that all five products have `tile`'s form.
std::vector<Tensor> attend_backward(Tensor d_out, Tensor out, Tensor qkv, Tensor rotated, Tensor lse, Tensor qw, Tensor kw, Tensor cos, Tensor sin, Tensor starts, Tensor positions, int64_t heads, int64_t kv, double epsilon) {
  int64_t n = qkv.size(0), wide = qkv.size(1), both = (heads + kv) * D, group = heads / kv, count = (starts.size(0) - 1) * kv;
  Tensor d_qkv = at::empty_like(qkv), d_w = at::zeros({count, 2, D}, qw.options());
  const float scale = 1.f / std::sqrt((float)D);
  const __m512 factor = _mm512_set1_ps(1.44269504f * scale);
  tasks(count, [&](int64_t task) {
    const int *s = starts.data_ptr<int>() + task / kv, begin = s[0], t = s[1] - begin, padded = up16(t), pair = task % kv;
    const int* at = positions.data_ptr<int>() + begin;
    std::vector<bf16> k(padded * D), v(padded * D), across(padded * D), rows(padded * D), p(64 * 64), ds(64 * 64);
    std::vector<word> qt(padded * HALF), ot(padded * HALF), qi(padded * HALF), oi(padded * HALF), dsi(32 * 64);
    std::vector<float> dk(padded * D), dv(padded * D), dq(padded * D), dqt(padded * D), st(64 * 64), dp(64 * 64), low(padded), delta(padded);
    auto finish = [&](const std::vector<float>& d, int head, const Tensor& w, int which) {
      for (int i = 0; i < t; i++)
        norm_rope_backward(&d[i * D], data(qkv) + (begin + i) * wide + head * D, w.data_ptr<float>(), cos.data_ptr<float>() + at[i] * D, sin.data_ptr<float>() + at[i] * D, epsilon,
                           data(d_qkv) + (begin + i) * wide + head * D, d_w.data_ptr<float>() + (2 * task + which) * D);
    };
    copy_rows(data(rotated) + begin * both + (heads + pair) * D, both, t, padded, k.data());
    copy_rows(data(qkv) + begin * wide + (heads + kv + pair) * D, wide, t, padded, v.data());
    transpose(k.data(), padded, HALF, qt.data());
    for (int d = 0; d < D; d++)
      for (int j = 0; j < padded; j++) across[d * padded + j] = qt[d / 2 * padded + j] >> (d % 2 * 16);
    for (int h = pair * group; h < (pair + 1) * group; h++) {
      copy_rows(data(rotated) + begin * both + h * D, both, t, padded, rows.data());
      transpose(rows.data(), padded, HALF, qt.data());
      interleave(rows.data(), padded, qi.data());
      copy_rows(data(d_out) + begin * heads * D + h * D, heads * D, t, padded, rows.data());
      transpose(rows.data(), padded, HALF, ot.data());
      interleave(rows.data(), padded, oi.data());
      for (int i = 0; i < padded; i++) {
        __m512 dot = _mm512_setzero_ps();
        for (int c = 0; c < D && i < t; c += 16) dot = _mm512_fmadd_ps(load(&rows[i * D + c]), load(data(out) + (begin + i) * heads * D + h * D + c), dot);
        delta[i] = _mm512_reduce_add_ps(dot);
        low[i] = i < t ? lse.data_ptr<float>()[h * n + begin + i] : 1e30f;
      }
      std::fill(dqt.begin(), dqt.end(), 0.f);
      for (int j0 = 0; j0 < padded; j0 += 64) {
        int nj = std::min(64, padded - j0);
        for (int i0 = j0; i0 < padded; i0 += 64) {
          int ni = std::min(64, padded - i0);
          multiply(nj, ni, HALF, &k[j0 * D], D, &qt[i0], padded, st.data(), 64, false);
          multiply(nj, ni, HALF, &v[j0 * D], D, &ot[i0], padded, dp.data(), 64, false);
          for (int j = 0; j < nj; j += 2)
            for (int i = 0; i < ni; i += 16) {
              __m256i d[2];
              for (int r = 0; r < 2; r++) {
                __m512 e = exp2v(_mm512_fmsub_ps(_mm512_loadu_ps(&st[(j + r) * 64 + i]), factor, _mm512_loadu_ps(&low[i0 + i])));
                int hidden = j0 + j + r - i0 - i;  // queries before the key
                if (hidden > 0) e = _mm512_maskz_mov_ps(hidden > 15 ? 0 : 0xffffu << hidden, e);
                store(&p[(j + r) * 64 + i], e);
                d[r] = narrow(_mm512_mul_ps(_mm512_mul_ps(e, _mm512_set1_ps(scale)), _mm512_sub_ps(_mm512_loadu_ps(&dp[(j + r) * 64 + i]), _mm512_loadu_ps(&delta[i0 + i]))));
                _mm256_storeu_si256((__m256i*)&ds[(j + r) * 64 + i], d[r]);
              }
              _mm512_storeu_si512(&dsi[j / 2 * 64 + i], _mm512_or_si512(_mm512_cvtepu16_epi32(d[0]), _mm512_slli_epi32(_mm512_cvtepu16_epi32(d[1]), 16)));
            }
          bool add = h > pair * group || i0 > j0;
          multiply(nj, D, ni / 2, p.data(), 64, &oi[i0 / 2 * D], D, &dv[j0 * D], D, add);
          multiply(nj, D, ni / 2, ds.data(), 64, &qi[i0 / 2 * D], D, &dk[j0 * D], D, add);
          multiply(D, ni, nj / 2, &across[j0], padded, dsi.data(), 64, &dqt[i0], padded, true);
        }
      }
      transpose(dqt.data(), D, padded, dq.data());
      finish(dq, h, qw, 0);
    }
    finish(dk, heads + pair, kw, 1);
    for (int i = 0; i < t; i++)
      for (int c = 0; c < D; c += 16) store(data(d_qkv) + (begin + i) * wide + (heads + kv + pair) * D + c, _mm512_loadu_ps(&dv[i * D + c]));
  });
  Tensor sums = d_w.sum(0);
  return {d_qkv, sums[0], sums[1]};
}
