// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// The loops of y = A x and y = z + a A x for stencil operators, in packs along x.
#pragma once

#include <linnet/kernels/field.hpp>
#include <linnet/kernels/parallel.hpp>
#include <linnet/kernels/static_for.hpp>
#include <linnet/kernels/stencil/stencil_rows.hpp>

#include <vector>

namespace linnet::kernels {

/// Values addressed by the local indices of a box, though the memory may hold only a part of the
/// box (a window that begins at the point `origin`).
struct Placed {
  double* data = nullptr;
  std::ptrdiff_t base = 0; ///< where (0,0,0) is or would be
  int pitch_y = 0, pitch_z = 0;

  Placed() = default;
  Placed(const Field<double>& f, const core::Index3& origin)
      : data(f.values.data()), base(f.layout(-origin[0], -origin[1], -origin[2])),
        pitch_y(f.layout.pitch_y), pitch_z(f.layout.pitch_z) {}
  explicit Placed(const Field<double>& f) : Placed(f, {0, 0, 0}) {}

  KOKKOS_FORCEINLINE_FUNCTION std::ptrdiff_t operator()(int i, int j, int k) const {
    return base + i + static_cast<std::ptrdiff_t>(j) * pitch_y +
           static_cast<std::ptrdiff_t>(k) * pitch_z;
  }
  [[nodiscard]] std::ptrdiff_t step(const Offset& o) const {
    return o.x + static_cast<std::ptrdiff_t>(o.y) * pitch_y +
           static_cast<std::ptrdiff_t>(o.z) * pitch_z;
  }
};

/// Copies points between two memories of one box.
struct CopyPlaced {
  static constexpr int width = native_width<double>;
  Placed from, to;
  template <int W>
  KOKKOS_FORCEINLINE_FUNCTION void apply(int i, int j, int k) const {
    store<W, double>(to.data + to(i, j, k), load<W>(from.data + from(i, j, k)));
  }
};

/// Where the result goes: y = A x, or y = z + factor A x when z is given (z may be y).
struct Target {
  Placed y;
  const double* z = nullptr; ///< laid out like y
  double factor = 1.0;

  template <int W>
  KOKKOS_FORCEINLINE_FUNCTION void put(int i, int j, int k, const Pack<double, W>& ax) const {
    const std::ptrdiff_t at = y(i, j, k);
    if (z)
      store<W, double>(y.data + at, load<W>(z + at) + factor * ax);
    else
      store<W, double>(y.data + at, ax);
  }
};

/// Values of neighbours along x where the rows of memory follow each other without ghosts: what
/// lies beyond the ends of a row of the box belongs to other rows, and is replaced.
struct RowEnds {
  int first = -1, last = -1; ///< points without a neighbour behind, in front; -1: none

  /// The W values at @p x, neighbours at @p step along x of the points from @p i on.
  template <int W>
  KOKKOS_FORCEINLINE_FUNCTION Pack<double, W>
  load_neighbours(const double* x, int i, int step, const Pack<double, W>& instead) const {
    Pack<double, W> v = load<W>(x);
    if constexpr (W == 1) {
      if ((step < 0 && i == first) || (step > 0 && i == last)) v = instead;
    } else {
      if (step < 0 && i == first) v[0] = instead[0];
      if (step > 0 && i + W - 1 == last) v[W - 1] = instead[W - 1];
    }
    return v;
  }
};

/// Symmetric operators: the form of stencil_pattern.hpp.
template <StencilPattern P>
struct SymmetricMult {
  static constexpr int width = native_width<double>;
  static constexpr int count = coupling_count(P);

  Placed x, s;
  RowEnds ends;
  Target target;
  const double* c[count];
  std::ptrdiff_t step_x[count], step_c[count];

  SymmetricMult(const Placed& source, const RowEnds& row_ends,
                const std::vector<Field<double>>& couplings, const Field<double>& row_sum,
                const Target& t)
      : x(source), s(row_sum), ends(row_ends), target(t) {
    for (int m = 0; m < count; ++m) {
      c[m] = couplings[static_cast<std::size_t>(m)].values.data();
      step_x[m] = x.step(upper_offset(P, m));
      step_c[m] = s.step(upper_offset(P, m));
    }
  }

  template <int W>
  KOKKOS_FORCEINLINE_FUNCTION void apply(int i, int j, int k) const {
    target.put<W>(i, j, k, product<W>(i, j, k));
  }
  /// (A x) at W points.
  template <int W>
  KOKKOS_FORCEINLINE_FUNCTION Pack<double, W> product(int i, int j, int k) const {
    const std::ptrdiff_t px = x(i, j, k), pc = s(i, j, k);
    const Pack<double, W> xi = load<W>(x.data + px);
    Pack<double, W> sum = load<W>(s.data + pc) * xi;
    static_for<count>([&](auto m) {
      constexpr int along_x = upper_offset(P, m()).x;
      const double* at = x.data + px;
      sum +=
          load<W>(c[m()] + pc) * (xi - ends.load_neighbours<W>(at + step_x[m()], i, along_x, xi));
      sum += load<W>(c[m()] + pc - step_c[m()]) *
             (xi - ends.load_neighbours<W>(at - step_x[m()], i, -along_x, xi));
    });
    return sum;
  }
};

/// General operators: one field per entry, all of one layout.
template <StencilPattern P>
struct GeneralMult {
  static constexpr int width = native_width<double>;
  static constexpr int count = entry_count(P);

  Placed x, layout;
  RowEnds ends;
  Target target;
  const double* a[count];
  std::ptrdiff_t step_x[count];

  GeneralMult(const Placed& source, const RowEnds& row_ends,
              const std::vector<Field<double>>& entries, const Target& t)
      : x(source), layout(entries[0]), ends(row_ends), target(t) {
    for (int e = 0; e < count; ++e) {
      a[e] = entries[static_cast<std::size_t>(e)].values.data();
      step_x[e] = x.step(full_offset(P, e));
    }
  }

  template <int W>
  KOKKOS_FORCEINLINE_FUNCTION void apply(int i, int j, int k) const {
    const std::ptrdiff_t px = x(i, j, k), pa = layout(i, j, k);
    Pack<double, W> sum = splat<W>(0.0);
    static_for<count>([&](auto e) {
      sum += load<W>(a[e()] + pa) * ends.load_neighbours<W>(x.data + px + step_x[e()], i,
                                                            full_offset(P, e()).x, splat<W>(0.0));
    });
    target.put<W>(i, j, k, sum);
  }
};

} // namespace linnet::kernels
