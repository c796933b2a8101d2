// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Integrals over cells in place of values at points.
#pragma once

#include <linnet/rom/integrands.hpp>

namespace linnet::rom {

/// Column c is the sum over the points g of cell c of w_g J[:, g]; points of a cell are neighbours.
class CellIntegrands final : public Integrands {
public:
  /// References @p points, which must outlive this. Not collective.
  CellIntegrands(const Integrands& points, std::span<const double> weights,
                 std::size_t points_per_cell);
  [[nodiscard]] std::size_t size() const override { return base_->size(); }
  [[nodiscard]] std::size_t points() const override { return weights_.size() / per_cell_; }
  void project(std::span<const double> r, std::span<double> values) const override;
  void column(std::size_t cell, std::span<double> values) const override;
  void squared_norms(std::span<double> values) const override;
  void integrate(std::span<const double> x, std::span<double> b) const override;
  [[nodiscard]] double reference_square() const override { return base_->reference_square(); }
  [[nodiscard]] std::unique_ptr<Integrands>
  subset(std::span<const std::size_t> cells) const override;
  [[nodiscard]] double bytes_per_sweep() const override { return base_->bytes_per_sweep(); }
  [[nodiscard]] double flops_per_sweep() const override { return base_->flops_per_sweep(); }

private:
  std::unique_ptr<Integrands> own_;
  const Integrands* base_;
  std::vector<double> weights_;
  std::size_t per_cell_;
};

} // namespace linnet::rom
