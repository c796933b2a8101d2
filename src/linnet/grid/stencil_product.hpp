// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// The product of a distributed stencil operator and a field, with the halo exchange behind the
/// interior's work.
#pragma once

#include <linnet/grid/halo.hpp>
#include <linnet/kernels/row_spans.hpp>
#include <linnet/kernels/stencil/stencil_mult.hpp>
#include <linnet/kernels/stencil/stencil_pattern.hpp>

#include <array>

namespace linnet::grid {

/// x and y are fields without ghosts on each rank's box, as they lie in a Vec. No ghosted copy of x
/// is made: points whose neighbours are all on the rank read x itself; each face of the box has a
/// window of three layers (one of ghosts) for the points on it, in memory as in time a few per
/// cent. Window points beyond the domain hold 0, so absent neighbours add exactly nothing.
class StencilProduct {
public:
  /// Collective on @p comm. Throws core::Error as Halo does.
  StencilProduct(MPI_Comm comm, const Partition& partition, kernels::StencilPattern pattern);

  /// y = A x, or y = z + factor A x when @p z is given (z may be y). Collective.
  void symmetric(const std::vector<kernels::Field<double>>& couplings,
                 const kernels::Field<double>& row_sum, const kernels::Field<double>& x,
                 const kernels::Field<double>& y, const double* z = nullptr, double factor = 1.0);
  /// The same for full rows: one field per entry of the pattern (kernels/stencil/stencil_rows.hpp).
  void general(const std::vector<kernels::Field<double>>& entries, const kernels::Field<double>& x,
               const kernels::Field<double>& y, const double* z = nullptr, double factor = 1.0);

  /// One step of conjugate gradients: p = scale z + beta p (p = scale z for beta = 0), w = A p, in
  /// one march through the grid. Returns p.w of this rank. Points outside of @p spans, where z, p
  /// and w must be zero, are left out. Collective.
  double turn_and_multiply(const std::vector<kernels::Field<double>>& couplings,
                           const kernels::Field<double>& row_sum, const kernels::Field<float>& z,
                           double scale, double beta, const kernels::Field<double>& p,
                           const kernels::Field<double>& w, const kernels::RowSpans& spans);

  /// The residual b - A x, rounded: r = scale (b - A x), and f, laid out like r, becomes r unless
  /// it is r itself; both on this rank's box. Returns the sums of (b - A x)^2 and of (scale_before
  /// (b - A x) - r)^2 on this rank, the latter for the r that was there. Collective.
  std::array<double, 2> renew_residual(const std::vector<kernels::Field<double>>& couplings,
                                       const kernels::Field<double>& row_sum,
                                       const kernels::Field<double>& x,
                                       const kernels::Field<double>& b, double scale,
                                       double scale_before, const kernels::Field<float>& r,
                                       const kernels::Field<float>& f);

private:
  /// A face of the box: the window that holds its points and their neighbours, and the points that
  /// are computed from it.
  struct Face {
    core::Index3 origin;
    kernels::Field<double> window;
    kernels::Range points;
  };
  void make_faces();
  void copy_owned(const kernels::Field<double>& x, const Face& face) const;
  template <class MakeKernel, class Loop>
  void run(const kernels::Field<double>& x, const MakeKernel& make_kernel, const Loop& loop);

  kernels::StencilPattern pattern_;
  core::Index3 extent_;
  core::Index3 ghosts_;
  Halo halo_;
  kernels::Range interior_;
  kernels::RowEnds ends_; ///< of the interior's rows, where they are rows of the box
  std::vector<Face> faces_;
};

/// Ghost layers that a pattern needs: one per direction, none along z in 2-D.
inline core::Index3 pattern_ghosts(kernels::StencilPattern p) {
  return {1, 1, kernels::is_three_dimensional(p) ? 1 : 0};
}
/// Whether a pattern reaches beyond edges and corners.
inline HaloShape pattern_shape(kernels::StencilPattern p) {
  return p == kernels::StencilPattern::star2d || p == kernels::StencilPattern::star3d
             ? HaloShape::star
             : HaloShape::box;
}

} // namespace linnet::grid
