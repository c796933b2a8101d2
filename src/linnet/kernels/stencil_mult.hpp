// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// The loops of y = A x and y = z + a A x for stencil operators, in packs along x.
#pragma once

#include <linnet/kernels/field.hpp>
#include <linnet/kernels/parallel.hpp>
#include <linnet/kernels/stencil_rows.hpp>

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

/// Symmetric operators: the form of stencil_pattern.hpp.
template <StencilPattern P>
struct SymmetricMult {
  static constexpr int width = native_width<double>;
  static constexpr int count = coupling_count(P);

  Placed x, s;
  Target target;
  const double* c[count];
  std::ptrdiff_t step_x[count], step_c[count];

  SymmetricMult(const Placed& source, const std::vector<Field<double>>& couplings,
                const Field<double>& row_sum, const Target& t)
      : x(source), s(row_sum), target(t) {
    for (int m = 0; m < count; ++m) {
      c[m] = couplings[static_cast<std::size_t>(m)].values.data();
      step_x[m] = x.step(upper_offset(P, m));
      step_c[m] = s.step(upper_offset(P, m));
    }
  }

  template <int W>
  KOKKOS_FORCEINLINE_FUNCTION void apply(int i, int j, int k) const {
    const std::ptrdiff_t px = x(i, j, k), pc = s(i, j, k);
    const Pack<double, W> xi = load<W>(x.data + px);
    Pack<double, W> sum = load<W>(s.data + pc) * xi;
    for (int m = 0; m < count; ++m) {
      sum += load<W>(c[m] + pc) * (xi - load<W>(x.data + px + step_x[m]));
      sum += load<W>(c[m] + pc - step_c[m]) * (xi - load<W>(x.data + px - step_x[m]));
    }
    target.put<W>(i, j, k, sum);
  }
};

/// General operators: one field per entry, all of one layout.
template <StencilPattern P>
struct GeneralMult {
  static constexpr int width = native_width<double>;
  static constexpr int count = entry_count(P);

  Placed x, layout;
  Target target;
  const double* a[count];
  std::ptrdiff_t step_x[count];

  GeneralMult(const Placed& source, const std::vector<Field<double>>& entries, const Target& t)
      : x(source), layout(entries[0]), target(t) {
    for (int e = 0; e < count; ++e) {
      a[e] = entries[static_cast<std::size_t>(e)].values.data();
      step_x[e] = x.step(full_offset(P, e));
    }
  }

  template <int W>
  KOKKOS_FORCEINLINE_FUNCTION void apply(int i, int j, int k) const {
    const std::ptrdiff_t px = x(i, j, k), pa = layout(i, j, k);
    Pack<double, W> sum = load<W>(a[0] + pa) * load<W>(x.data + px + step_x[0]);
    for (int e = 1; e < count; ++e) sum += load<W>(a[e] + pa) * load<W>(x.data + px + step_x[e]);
    target.put<W>(i, j, k, sum);
  }
};

} // namespace linnet::kernels
