// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Symmetric stencil operators applied to fields (stencil_pattern.hpp has the convention).
#pragma once

#include <linnet/kernels/field.hpp>
#include <linnet/kernels/parallel.hpp>
#include <linnet/kernels/static_for.hpp>
#include <linnet/kernels/stencil/stencil_pattern.hpp>

#include <vector>

namespace linnet::kernels {

/// A symmetric operator on one rank's box. Couplings carry at least one ghost layer.
template <class T>
struct StencilOperator {
  StencilPattern pattern = StencilPattern::star3d;
  std::vector<Field<T>> couplings; ///< coupling_count(pattern) fields
  Field<T> row_sum;

  [[nodiscard]] const Layout& layout() const { return row_sum.layout; }
  /// Bytes of a value per point: what one application reads of the operator.
  [[nodiscard]] std::size_t bytes_per_point() const { return (couplings.size() + 1) * sizeof(T); }
};

/// All zero, on the layout @p l.
template <class T>
StencilOperator<T> make_operator(StencilPattern pattern, const Layout& l) {
  StencilOperator<T> a;
  a.pattern = pattern;
  a.row_sum = Field<T>("linnet::kernels::row_sum", l);
  for (int m = 0; m < coupling_count(pattern); ++m)
    a.couplings.emplace_back("linnet::kernels::coupling", l);
  return a;
}

namespace detail {

/// Distances in memory of the upper offsets of a pattern.
template <StencilPattern P>
struct UpperDistances {
  int d[coupling_count(P)];
  explicit UpperDistances(const Layout& l) {
    for (int m = 0; m < coupling_count(P); ++m) {
      const Offset o = upper_offset(P, m);
      d[m] = o.x + o.y * l.pitch_y + o.z * l.pitch_z;
    }
  }
};

/// Addresses of a stencil operator for use in a kernel.
template <class T, StencilPattern P>
struct StencilPointers {
  const T* c[coupling_count(P)];
  const T* s;
  UpperDistances<P> distance;
  int pitch_y, pitch_z;

  explicit StencilPointers(const StencilOperator<T>& a)
      : s(a.row_sum.origin()), distance(a.layout()), pitch_y(a.layout().pitch_y),
        pitch_z(a.layout().pitch_z) {
    for (int m = 0; m < coupling_count(P); ++m) c[m] = a.couplings[m].origin();
  }
  /// (A u) at W points from q on; u has the layout of the operator.
  template <int W>
  KOKKOS_FORCEINLINE_FUNCTION Pack<T, W> product(const T* u, std::ptrdiff_t q) const {
    const Pack<T, W> u0 = load<W>(u + q);
    Pack<T, W> sum = load<W>(s + q) * u0;
    static_for<coupling_count(P)>([&](auto m) {
      const int d = distance.d[m];
      sum += load<W>(c[m] + q) * (u0 - load<W>(u + q + d));
      sum += load<W>(c[m] + q - d) * (u0 - load<W>(u + q - d));
    });
    return sum;
  }
  /// 1 for points without couplings, 0 for others.
  template <int W>
  KOKKOS_FORCEINLINE_FUNCTION Pack<T, W> alone(std::ptrdiff_t q) const {
    Pack<T, W> most = splat<W>(T(0));
    static_for<coupling_count(P)>([&](auto m) {
      most = max<W, T>(most, abs<W, T>(load<W>(c[m] + q)));
      most = max<W, T>(most, abs<W, T>(load<W>(c[m] + q - distance.d[m])));
    });
    return most > 0 ? splat<W>(T(0)) : splat<W>(T(1));
  }
};

template <class T, StencilPattern P>
struct ResidualKernel {
  static constexpr int width = native_width<T>;
  StencilPointers<T, P> a;
  const T* f;
  const T* u;
  T* r;
  template <int W>
  KOKKOS_FORCEINLINE_FUNCTION void apply(int i, int j, int k) const {
    const std::ptrdiff_t q =
        i + static_cast<std::ptrdiff_t>(j) * a.pitch_y + static_cast<std::ptrdiff_t>(k) * a.pitch_z;
    store<W>(r + q, load<W>(f + q) - a.template product<W>(u, q));
  }
};

/// y = s + A u, 0 at points without couplings.
template <class T, StencilPattern P>
struct SumRowsKernel {
  static constexpr int width = native_width<T>;
  StencilPointers<T, P> a;
  const T* u;
  T* y;
  template <int W>
  KOKKOS_FORCEINLINE_FUNCTION void apply(int i, int j, int k) const {
    const std::ptrdiff_t q =
        i + static_cast<std::ptrdiff_t>(j) * a.pitch_y + static_cast<std::ptrdiff_t>(k) * a.pitch_z;
    const auto alone = a.template alone<W>(q) > 0;
    const Pack<T, W> sum = load<W>(a.s + q) + a.template product<W>(u, q);
    store<W, T>(y + q, alone ? splat<W>(T(0)) : sum);
  }
};

/// Number of points without couplings.
template <class T, StencilPattern P>
struct CountAlone {
  static constexpr int width = native_width<double>;
  StencilPointers<T, P> a;
  template <int W>
  KOKKOS_FORCEINLINE_FUNCTION Pack<double, W> apply(int i, int j, int k) const {
    const std::ptrdiff_t q =
        i + static_cast<std::ptrdiff_t>(j) * a.pitch_y + static_cast<std::ptrdiff_t>(k) * a.pitch_z;
    return convert<double, W, T>(a.template alone<W>(q));
  }
};

template <class T, StencilPattern P>
struct DiagonalKernel {
  static constexpr int width = native_width<double>;
  StencilPointers<T, P> a;
  double* y;
  template <int W>
  KOKKOS_FORCEINLINE_FUNCTION void apply(int i, int j, int k) const {
    const std::ptrdiff_t q =
        i + static_cast<std::ptrdiff_t>(j) * a.pitch_y + static_cast<std::ptrdiff_t>(k) * a.pitch_z;
    Pack<double, W> sum = load_double<W>(a.s + q);
    static_for<coupling_count(P)>([&](auto m) {
      sum += load_double<W>(a.c[m] + q) + load_double<W>(a.c[m] + q - a.distance.d[m]);
    });
    store<W>(y + q, sum);
  }
};

} // namespace detail

/// r = f - A u on the owned points; u with valid ghosts, all fields on the layout of A; r may be f.
template <class T>
void residual(const StencilOperator<T>& a, const Field<T>& f, const Field<T>& u, Field<T>& r) {
  with_pattern(a.pattern, [&](auto p) {
    using Kernel = detail::ResidualKernel<T, p()>;
    for_each_point("linnet::kernels::residual", Range::box(a.layout().n),
                   Kernel{detail::StencilPointers<T, p()>(a), f.origin(), u.origin(), r.origin()});
  });
}

/// y = s + A u with the row sums s of A on the owned points, 0 at those without couplings; u and
/// couplings with valid ghosts, all fields on the layout of A.
template <class T>
void sum_rows(const StencilOperator<T>& a, const Field<T>& u, Field<T>& y) {
  with_pattern(a.pattern, [&](auto p) {
    for_each_point(
        "linnet::kernels::sum_rows", Range::box(a.layout().n),
        detail::SumRowsKernel<T, p()>{detail::StencilPointers<T, p()>(a), u.origin(), y.origin()});
  });
}

/// True if an owned point has no couplings (valid ghosts needed).
template <class T>
bool has_lone_points(const StencilOperator<T>& a) {
  double count = 0.0;
  with_pattern(a.pattern, [&](auto p) {
    count = sum_in_packs("linnet::kernels::count_alone", Range::box(a.layout().n),
                         detail::CountAlone<T, p()>{detail::StencilPointers<T, p()>(a)});
  });
  return count > 0.0;
}

/// The diagonal of A on @p range, where couplings and row sums must be valid one layer further out.
/// In double precision for any T: the set-up of a cycle subtracts it from the couplings.
template <class T>
void diagonal(const StencilOperator<T>& a, const Range& range, Field<double>& y) {
  with_pattern(a.pattern, [&](auto p) {
    using Kernel = detail::DiagonalKernel<T, p()>;
    for_each_point("linnet::kernels::diagonal", range,
                   Kernel{detail::StencilPointers<T, p()>(a), y.origin()});
  });
}

} // namespace linnet::kernels
