// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Gradient of a convolution by its weights: for every pair of channels and every tap a sum over
/// all points.
///
/// That is the product of two matrices, gy (outputs by points) and the values that the taps read
/// (inputs times taps by points), summed over the points. Rows are taken in chunks that stay in the
/// first two caches. A chunk is copied first, so that whatever the strides and the length of rows,
/// all values of a matrix lie behind each other: x once for every tap in x, since taps in y read
/// the same values one row further. A task then owns eight outputs and three columns, whose sums of
/// packs stay in registers. The order of the sums does not depend on threads.
#pragma once

#include <linnet/kernels/network/convolution_shape.hpp>
#include <linnet/kernels/parallel.hpp>
#include <linnet/kernels/static_for.hpp>
#include <linnet/kernels/tensor.hpp>
#include <linnet/kernels/workspace.hpp>

namespace linnet::kernels::detail {

/// Has the compiler read @p v once: gcc would rather read it from memory again at each of its uses,
/// and reading is what limits the loop.
template <class V>
KOKKOS_FORCEINLINE_FUNCTION void keep_in_register([[maybe_unused]] V& v) {
#if defined(__GNUC__) && defined(__x86_64__) && !defined(__CUDACC__)
  asm("" : "+v"(v));
#endif
}

template <class T>
struct WeightGradientData {
  const T* x;
  const T* gy;
  T* gw;
  std::ptrdiff_t x_pitch, gy_pitch;
  int x_pitch_y, x_pitch_z, gy_pitch_y, gy_pitch_z;
  int n[3], kernel[3], stride[3];
  int in, out;

  WeightGradientData(const ConvolutionShape& shape, const Tensor<T>& xs, const Tensor<T>& gys,
                     T* gws)
      : x(xs.origin() + xs.layout(-shape.below(0), -shape.below(1), -shape.below(2)) -
          xs.layout(0, 0, 0)),
        gy(gys.origin()), gw(gws), x_pitch(xs.pitch), gy_pitch(gys.pitch),
        x_pitch_y(xs.layout.pitch_y), x_pitch_z(xs.layout.pitch_z), gy_pitch_y(gys.layout.pitch_y),
        gy_pitch_z(gys.layout.pitch_z), in(shape.in), out(shape.out) {
    for (int d = 0; d < 3; ++d) {
      n[d] = gys.layout.n[d];
      kernel[d] = shape.kernel[d];
      stride[d] = shape.stride[d];
    }
  }
  /// What the point p = 0 in row @p j and plane @p k of x reads with the tap 0 of channel c.
  KOKKOS_FORCEINLINE_FUNCTION const T* x_row(int c, int j, int k) const {
    return x + c * x_pitch + static_cast<std::ptrdiff_t>(j) * x_pitch_y +
           static_cast<std::ptrdiff_t>(k) * x_pitch_z;
  }
  KOKKOS_FORCEINLINE_FUNCTION const T* gy_row(int o, int j, int k) const {
    return gy + o * gy_pitch + static_cast<std::ptrdiff_t>(j) * gy_pitch_y +
           static_cast<std::ptrdiff_t>(k) * gy_pitch_z;
  }
  KOKKOS_INLINE_FUNCTION int taps() const { return kernel[0] * kernel[1] * kernel[2]; }
  /// Weights of one output.
  KOKKOS_INLINE_FUNCTION int columns() const { return in * taps(); }
};

/// The copy of a chunk of rows of one plane. gy: output after output. x: for every input, tap in z,
/// tap in x and place of a row between two rows of y (one where the stride is 1) its rows behind
/// each other, as far as the taps in y reach. Zeros behind each fill up the last pack.
template <class T>
struct WeightGradientChunk {
  static constexpr int width = native_width<T>;
  WeightGradientData<T> d;
  int most_rows, rows = 0, first_row = 0, plane = 0;
  int places, rows_beyond;                          ///< of x: in y
  std::size_t gy_size, x_size;                      ///< of one output, and of one part of x
  std::ptrdiff_t input_size, tap_offset[most_taps]; ///< in x: of an input, and of its taps
  T* gy = nullptr;
  T* x = nullptr;

  static std::size_t whole_packs(std::size_t values) {
    return (values + width - 1) / width * width;
  }
  explicit WeightGradientChunk(const WeightGradientData<T>& data) : d(data) {
    constexpr int bytes = 24 * 1024; // half of a first cache, for eight outputs
    const int most = bytes / (8 * static_cast<int>(sizeof(T)) * d.n[0]);
    const int chunks = (d.n[1] + (most > 0 ? most : 1) - 1) / (most > 0 ? most : 1);
    most_rows = (d.n[1] + chunks - 1) / chunks;
    places = d.stride[1] < d.kernel[1] ? d.stride[1] : d.kernel[1];
    rows_beyond = (d.kernel[1] - 1) / d.stride[1];
    const auto row = static_cast<std::size_t>(d.n[0]), many = static_cast<std::size_t>(most_rows);
    gy_size = whole_packs(many * row) + width;
    x_size = whole_packs((many + static_cast<std::size_t>(rows_beyond)) * row) + width;
    const int parts = d.kernel[2] * d.kernel[0] * places;
    input_size = static_cast<std::ptrdiff_t>(x_size) * parts;
    for (int t = 0; t < d.taps(); ++t) {
      const int tx = t % d.kernel[0], ty = t / d.kernel[0] % d.kernel[1];
      const int part =
          (t / (d.kernel[0] * d.kernel[1]) * d.kernel[0] + tx) * places + ty % d.stride[1];
      tap_offset[t] = static_cast<std::ptrdiff_t>(x_size) * part + ty / d.stride[1] * d.n[0];
    }
  }
  [[nodiscard]] int x_parts() const { return d.in * d.kernel[2] * d.kernel[0] * places; }
  [[nodiscard]] std::size_t size() const {
    return static_cast<std::size_t>(d.out) * gy_size + static_cast<std::size_t>(x_parts()) * x_size;
  }
  void lie_at(T* memory) {
    gy = memory;
    x = memory + static_cast<std::size_t>(d.out) * gy_size;
  }
  /// Goes on to the next chunk; false behind the last one. The first call leads to the first one.
  bool next() {
    first_row += rows;
    if (first_row == d.n[1]) first_row = 0, ++plane;
    rows = d.n[1] - first_row < most_rows ? d.n[1] - first_row : most_rows;
    return plane < d.n[2];
  }
  [[nodiscard]] KOKKOS_FORCEINLINE_FUNCTION bool is_first() const {
    return first_row == 0 && plane == 0;
  }
  KOKKOS_FORCEINLINE_FUNCTION int packs() const { return (rows * d.n[0] + width - 1) / width; }

  /// @p count rows of n[0] values, S apart, from @p from on. The last pack of a row writes beyond
  /// it, where the next one or zeros follow.
  template <int S>
  KOKKOS_FORCEINLINE_FUNCTION void copy_rows(const T* from, std::ptrdiff_t pitch, int count,
                                             T* to) const {
    for (int row = 0; row < count; ++row, from += pitch, to += d.n[0])
      for (int i = 0; i < d.n[0]; i += width)
        store<width>(to + i, load_strided<width, S>(from + i * S));
    store<width>(to, splat<width>(T(0)));
  }
  KOKKOS_FORCEINLINE_FUNCTION void copy_gy(int o) const {
    copy_rows<1>(d.gy_row(o, first_row, plane), d.gy_pitch_y, rows,
                 gy + static_cast<std::size_t>(o) * gy_size);
  }
  KOKKOS_FORCEINLINE_FUNCTION void copy_x(int part) const {
    const int place = part % places, tx = part / places % d.kernel[0];
    const int tz = part / (places * d.kernel[0]) % d.kernel[2];
    const int c = part / (places * d.kernel[0] * d.kernel[2]);
    const T* from = d.x_row(c, first_row * d.stride[1] + place, plane * d.stride[2] + tz) + tx;
    T* const to = x + static_cast<std::size_t>(part) * x_size;
    const std::ptrdiff_t pitch = std::ptrdiff_t{d.stride[1]} * d.x_pitch_y;
    const int count = rows + (d.kernel[1] - 1 - place) / d.stride[1];
    if (d.stride[0] == 1)
      copy_rows<1>(from, pitch, count, to);
    else
      copy_rows<2>(from, pitch, count, to);
  }
  /// What the weight number @p column of every output is multiplied with.
  KOKKOS_FORCEINLINE_FUNCTION const T* column(int column) const {
    const int taps = d.taps(), c = column / taps;
    return x + c * input_size + tap_offset[column - c * taps];
  }
};

/// The sums of the lanes of eight packs, @p step values apart: those of number q at sums[q *
/// pitch].
template <class T>
KOKKOS_FORCEINLINE_FUNCTION void sum_lanes(const T* packs, int step, T* sums, int pitch) {
  constexpr int width = native_width<T>;
  T lanes[width];
  if constexpr (width >= 8) {
    // Two packs become one of half as many lanes of each, in turns; after three rounds lane l
    // belongs to pack l % 8.
    constexpr auto all = std::make_integer_sequence<int, width>{};
    Pack<T, width> v[8];
    static_for<8>([&](auto q) { v[q] = load<width>(packs + q * step); });
    const auto fold = [&](int a, int b) {
      v[a] = zip<width, T>(v[a], v[b], 0, all) + zip<width, T>(v[a], v[b], 1, all);
    };
    static_for<4>([&](auto q) { fold(q, q + 4); });
    static_for<2>([&](auto q) { fold(q, q + 2); });
    fold(0, 1);
    store<width>(lanes, v[0]);
    for (int q = 0; q < 8; ++q) {
      T sum = lanes[q];
      for (int l = q + 8; l < width; l += 8) sum += lanes[l];
      sums[q * pitch] = sum;
    }
  } else {
    for (int q = 0; q < 8; ++q) {
      T sum = T(0);
      for (int l = 0; l < width; ++l) sum += packs[q * step + l];
      sums[q * pitch] = sum;
    }
  }
}

/// Sums of R outputs and C columns in packs, tile after tile.
template <class T, int R, int C>
struct WeightGradientTiles {
  static constexpr int width = native_width<T>;
  using Sum = Pack<T, width>;
  int first, blocks, groups; ///< outputs in blocks, columns in groups
  T* totals;

  WeightGradientTiles(const WeightGradientData<T>& d, int first_output, int outputs)
      : first(first_output), blocks(outputs / R), groups((d.columns() + C - 1) / C),
        totals(nullptr) {}
  [[nodiscard]] KOKKOS_FORCEINLINE_FUNCTION int count() const { return blocks * groups; }
  /// Of the sums, and of what is read behind them.
  [[nodiscard]] std::size_t size() const {
    return static_cast<std::size_t>(count()) * R * C * width + width;
  }
  /// Groups that are not full take their last column again.
  KOKKOS_FORCEINLINE_FUNCTION static int column_of(const WeightGradientData<T>& d, int group,
                                                   int number) {
    const int column = group * C + number, last = d.columns() - 1;
    return column < last ? column : last;
  }

  KOKKOS_FORCEINLINE_FUNCTION void add_chunk(const WeightGradientChunk<T>& chunk, int tile) const {
    const T* gy = chunk.gy + static_cast<std::size_t>(first + tile / groups * R) * chunk.gy_size;
    const T* x[C];
    static_for<C>([&](auto t) { x[t] = chunk.column(column_of(chunk.d, tile % groups, t)); });
    Sum sum[R][C];
    static_for<R>([&](auto q) { static_for<C>([&](auto t) { sum[q][t] = splat<width>(T(0)); }); });
    const int end = chunk.packs() * width;
    for (int i = 0; i < end; i += width) {
      Sum value[C];
      static_for<C>([&](auto t) { value[t] = load<width>(x[t] + i); });
      static_for<R>([&](auto q) {
        Sum g = load<width>(gy + q * chunk.gy_size + i);
        keep_in_register(g);
        static_for<C>([&](auto t) { sum[q][t] += g * value[t]; });
      });
    }
    T* const to = totals + static_cast<std::ptrdiff_t>(tile) * R * C * width;
    const bool add = !chunk.is_first();
    static_for<R>([&](auto q) {
      static_for<C>([&](auto t) {
        T* const total = to + (q * C + t) * width;
        store<width>(total, add ? load<width>(total) + sum[q][t] : sum[q][t]);
      });
    });
  }

  /// Adds the sums of the lanes of the totals to the weights.
  KOKKOS_FORCEINLINE_FUNCTION void finish(const WeightGradientData<T>& d, int tile) const {
    static_assert(R == 8 || R * C == 8);
    const T* const total = totals + static_cast<std::ptrdiff_t>(tile) * R * C * width;
    T sums[R * C];
    if constexpr (R == 8)
      for (int t = 0; t < C; ++t) sum_lanes<T>(total + t * width, C * width, sums + t, C);
    else
      sum_lanes<T>(total, width, sums, 1);
    const int column = tile % groups * C;
    const int columns = d.columns() - column < C ? d.columns() - column : C;
    T* const to =
        d.gw + static_cast<std::ptrdiff_t>(first + tile / groups * R) * d.columns() + column;
    for (int q = 0; q < R; ++q)
      for (int t = 0; t < columns; ++t)
        to[static_cast<std::ptrdiff_t>(q) * d.columns() + t] += sums[q * C + t];
  }
};

template <class T>
void weight_gradient_in_chunks(const WeightGradientData<T>& data, Workspace<T>& workspace) {
  using Policy = Kokkos::RangePolicy<ExecutionSpace>;
  const WeightGradientData<T> d = data;
  WeightGradientChunk<T> chunk(d);
  const int whole = d.out / 8 * 8;
  WeightGradientTiles<T, 8, 3> eights(d, 0, whole);
  WeightGradientTiles<T, 1, 8> singles(d, whole, d.out - whole);
  eights.totals = workspace.values(eights.size() + singles.size() + chunk.size());
  singles.totals = eights.totals + eights.size();
  chunk.lie_at(singles.totals + singles.size());
  while (chunk.next()) {
    const WeightGradientChunk<T> part = chunk;
    Kokkos::parallel_for(
        "linnet::kernels::weight_gradient_copy", Policy(0, d.out + chunk.x_parts()),
        KOKKOS_LAMBDA(int q) {
          if (q < part.d.out)
            part.copy_gy(q);
          else
            part.copy_x(q - part.d.out);
        });
    Kokkos::parallel_for(
        "linnet::kernels::weight_gradient", Policy(0, eights.count() + singles.count()),
        KOKKOS_LAMBDA(int tile) {
          if (tile < eights.count())
            eights.add_chunk(part, tile);
          else
            singles.add_chunk(part, tile - eights.count());
        });
  }
  Kokkos::parallel_for(
      "linnet::kernels::weight_gradient_lanes", Policy(0, eights.count() + singles.count()),
      KOKKOS_LAMBDA(int tile) {
        if (tile < eights.count())
          eights.finish(d, tile);
        else
          singles.finish(d, tile - eights.count());
      });
}

/// One team per weight on a GPU.
template <class T>
void weight_gradient_on_device(const WeightGradientData<T>& data) {
  using Policy = Kokkos::TeamPolicy<ExecutionSpace>;
  const WeightGradientData<T> d = data;
  const int taps = d.taps(), nx = d.n[0], ny = d.n[1], points = nx * ny * d.n[2];
  Kokkos::parallel_for(
      "linnet::kernels::weight_gradient", Policy(d.in * d.out * taps, Kokkos::AUTO),
      KOKKOS_LAMBDA(const Policy::member_type& team) {
        const int t = team.league_rank() % taps, c = team.league_rank() / taps % d.in;
        const int o = team.league_rank() / taps / d.in;
        const int tx = t % d.kernel[0], ty = t / d.kernel[0] % d.kernel[1];
        const int tz = t / d.kernel[0] / d.kernel[1];
        T sum = T(0);
        Kokkos::parallel_reduce(
            Kokkos::TeamThreadRange(team, points),
            [&](int p, T& part) {
              const int i = p % nx, j = p / nx % ny, k = p / nx / ny;
              part += d.gy_row(o, j, k)[i] *
                      d.x_row(c, j * d.stride[1] + ty, k * d.stride[2] + tz)[i * d.stride[0] + tx];
            },
            sum);
        Kokkos::single(Kokkos::PerTeam(team), [&]() { d.gw[team.league_rank()] += sum; });
      });
}

template <class T>
void add_weight_gradient(const ConvolutionShape& shape, const Tensor<T>& x, const Tensor<T>& gy,
                         T* gw, Workspace<T>& workspace) {
  const WeightGradientData<T> d(shape, x, gy, gw);
  if constexpr (on_device)
    weight_gradient_on_device(d);
  else
    weight_gradient_in_chunks(d, workspace);
}

} // namespace linnet::kernels::detail
