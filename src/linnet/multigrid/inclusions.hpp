// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Correction of the mean over each small inclusion of strong coupling.
///
/// Points that couple strongly with each other and weakly with their surroundings move as one. The
/// smoother hardly changes their common value, and where no point of the coarse grid lies among
/// them the coarse grid does not represent it either. With Z the indicators of such inclusions and
/// E = Z^T A Z, replaced by a diagonal bound,
///   Q = Z E^-1 Z^T,   I - M A = (I - Q A) (I - B A) (I - Q A)
/// gives the preconditioner M from the cycle B: symmetric positive definite as B is. (Vuik, Segal
/// and Meijerink, J. Comput. Phys. 152 (1999) 385, for the deflation of such layers.)
#pragma once

#include <linnet/kernels/stencil/sparse_rows.hpp>
#include <linnet/kernels/stencil/stencil.hpp>
#include <linnet/multigrid/shared_sums.hpp>
#include <linnet/multigrid/strong_components.hpp>

#include <limits>

namespace linnet::multigrid {

class Inclusions {
public:
  Inclusions() = default;
  /// Finds the inclusions of @p a, whose ghosts it fills; @p layout is that of the fields to come.
  /// Collective on @p comm, whose rank r owns `partition.box(r)`.
  Inclusions(MPI_Comm comm, const grid::Partition& partition, const kernels::Layout& layout,
             kernels::StencilOperator<double>& a, double factor = 1.0);

  /// Over all ranks.
  [[nodiscard]] std::int64_t count() const { return count_; }
  /// Largest over smallest coupling of any point of the operator they were sought in.
  [[nodiscard]] double local_contrast() const { return local_contrast_; }
  /// Largest over smallest coupling of all points; infinite if none were looked at.
  [[nodiscard]] double contrast() const { return contrast_; }
  /// Before the cycle: f -= A Q f, and remembers Q f. Collective.
  template <class T>
  void before(const kernels::Field<T>& f);
  /// After the cycle has made @p y of f: y += Q f + Q (f - A Q f - A y). Collective.
  template <class T>
  void after(const kernels::Field<T>& y);

private:
  struct Selection;
  struct Assembly;

  void number(const StrongComponents& components, const grid::Partition& partition,
              const HostLinks& links, Selection& selection);
  static std::vector<std::ptrdiff_t> points_near(const HostLinks& links,
                                                 const StrongComponents& components,
                                                 const Selection& selection);
  void assemble(const HostLinks& links, double factor, const kernels::Layout& layout,
                const StrongComponents& components, const Selection& selection);
  void solve(const kernels::Array<double>& parts) const;

  MPI_Comm comm_ = MPI_COMM_NULL; // not owned
  std::int64_t count_ = 0;
  double local_contrast_ = 1.0;
  double contrast_ = std::numeric_limits<double>::infinity();
  bool shared_ = false; // some inclusion concerns several ranks
  SharedSums sums_;
  // Columns of Z are the inclusions that this rank has points of or next to, rows its own points.
  kernels::SparseRows z_, az_;     // row by row
  kernels::SparseRows zt_, azt_;   // transposed, for the sums
  kernels::Array<double> inverse_; // of E
  kernels::Array<double> values_;  // E^-1 Z^T f
  kernels::Array<double> rest_;    // Z^T (f - A Q f), the part of this rank
};

} // namespace linnet::multigrid
