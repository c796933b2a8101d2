// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Products with a sum of Kronecker products in two or three dimensions,
///   y = (sum over d of M x .. A_d x .. M) x + reaction (M x M x M) x,
/// direction by direction: with (t, s) = (x, reaction x) at the start, each takes
/// (t, s) to (M t, A_d t + M s), and s is the result.
///
/// Lines of up to dense_limit values are multiplied by dense blocks, longer ones by Fourier
/// transforms: about there both cost the same.
#pragma once

#include <linnet/fractional/lines.hpp>
#include <linnet/fractional/riesz_product.hpp>
#include <linnet/fractional/riesz_terms.hpp>
#include <linnet/fractional/work_values.hpp>

namespace linnet::fractional {

inline constexpr long dense_limit = 1536;

class KroneckerSum final : public RieszProduct {
public:
  /// Of the terms without D; without the operator, reaction alone counts, and without the reaction
  /// the operator. @p terms must live as long. Collective.
  KroneckerSum(const SlabLayout& slabs, const RieszTerms& terms, bool with_operator,
               double reaction);
  void multiply(const double* x, double* y, bool transposed) override;
  [[nodiscard]] std::vector<double> diagonal() const override;
  [[nodiscard]] double memory() const override;

private:
  struct Axis {
    long size;
    std::unique_ptr<LineMatrix> riesz; ///< none where its factor is zero
    std::unique_ptr<LineMatrix> mass;
  };
  void advance(const Axis& axis, LineShape shape, bool transposed, bool last);
  void exchange_to_pencils(WorkValues& values);

  SlabLayout slabs_;
  const RieszTerms& terms_;
  double reaction_;
  bool with_operator_;
  std::vector<Axis> axes_;
  WorkValues t_, s_, next_t_, next_s_; ///< and their successors
  bool has_sum_ = false;               ///< s is not zero
};

} // namespace linnet::fractional
