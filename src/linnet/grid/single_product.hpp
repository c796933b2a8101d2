// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Direction p and product w = A p of conjugate gradients in single precision, for a distributed
/// symmetric stencil operator.
#pragma once

#include <linnet/grid/halo.hpp>
#include <linnet/kernels/row_spans.hpp>
#include <linnet/kernels/star/coded_product.hpp>
#include <linnet/kernels/stencil/single_cg_kernels.hpp>

#include <optional>
#include <vector>

namespace linnet::grid {

/// p and w on this rank's box, w laid out like p; both begin at zero.
class SingleProduct {
public:
  /// Collective on @p comm. Throws core::Error as Halo does.
  SingleProduct(MPI_Comm comm, const Partition& partition, kernels::StencilPattern pattern);

  /// A has @p couplings, one field per offset of the upper half with valid ghosts, and @p row_sum
  /// times @p factor. Values are shared, not copied.
  void set_operator(const std::vector<kernels::Field<float>>& couplings,
                    const kernels::Field<double>& row_sum, double factor);
  /// The same for a star in one byte per point.
  void set_operator(const kernels::CodedStar<float>& star, const kernels::Field<double>& row_sum,
                    double factor);

  /// Gives the operator's memory back to its owner.
  void forget_operator();

  /// p = z + beta p (p = z for beta = 0), w = A p, in one march through the grid. Returns p.w of
  /// this rank. Points outside of @p spans, where z, p and w must be zero, are left out.
  /// Collective.
  double turn_and_multiply(const kernels::Field<float>& z, double beta,
                           const kernels::RowSpans& spans);

  /// By marched directions (kernels/stencil/planes.hpp).
  [[nodiscard]] const kernels::Field<float>& p() const { return p_; }
  [[nodiscard]] const kernels::Field<float>& w() const { return w_; }
  /// What the couplings of a point take.
  [[nodiscard]] int coupling_bytes() const {
    return coded_ ? 1 : 4 * kernels::coupling_count(pattern_);
  }
  [[nodiscard]] kernels::StencilPattern pattern() const { return pattern_; }
  [[nodiscard]] const Partition& partition() const { return partition_; }

private:
  template <kernels::StencilPattern P>
  [[nodiscard]] kernels::detail::SingleMultAndDot<P> plain_kernel() const;
  template <int Dim>
  [[nodiscard]] kernels::detail::CodedMultAndDot<Dim> coded_kernel() const;
  template <class Kernel>
  double march(const kernels::Field<float>& z, double beta, const kernels::RowSpans& spans,
               const Kernel& kernel);

  Partition partition_;
  kernels::StencilPattern pattern_;
  int dimension_;
  Halo halo_;
  kernels::Field<float> exchanged_; ///< p as the halo sees it, not marched
  kernels::Field<float> p_, w_;
  kernels::Range interior_;           ///< points whose neighbours all lie on this rank; marched
  std::vector<kernels::Range> faces_; ///< the others
  std::vector<kernels::Field<float>> couplings_; ///< marched, as row_sum_; none of a coded star
  std::optional<kernels::CodedStar<float>> coded_;
  kernels::Field<double> row_sum_;
  double factor_ = 1.0;
};

} // namespace linnet::grid
