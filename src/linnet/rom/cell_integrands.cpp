// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/rom/cell_integrands.hpp>

#include <algorithm>

namespace linnet::rom {

CellIntegrands::CellIntegrands(const Integrands& points, std::span<const double> weights,
                               std::size_t points_per_cell)
    : base_(&points), weights_(weights.begin(), weights.end()), per_cell_(points_per_cell) {}

void CellIntegrands::project(std::span<const double> r, std::span<double> values) const {
  std::vector<double> at_points(weights_.size());
  base_->project(r, at_points);
  std::fill(values.begin(), values.end(), 0.0);
  for (std::size_t g = 0; g < weights_.size(); ++g)
    values[g / per_cell_] += weights_[g] * at_points[g];
}

void CellIntegrands::column(std::size_t cell, std::span<double> values) const {
  std::vector<double> at_point(size());
  std::fill(values.begin(), values.end(), 0.0);
  for (std::size_t g = cell * per_cell_; g < (cell + 1) * per_cell_; ++g) {
    base_->column(g, at_point);
    for (std::size_t i = 0; i < size(); ++i) values[i] += weights_[g] * at_point[i];
  }
}

void CellIntegrands::squared_norms(std::span<double> values) const {
  std::vector<double> sums(size());
  for (std::size_t cell = 0; cell < points(); ++cell) {
    column(cell, sums);
    values[cell] = 0.0;
    for (const double sum : sums) values[cell] += sum * sum;
  }
}

void CellIntegrands::integrate(std::span<const double> x, std::span<double> b) const {
  std::vector<double> w = weights_;
  for (std::size_t g = 0; g < w.size(); ++g) w[g] *= x[g / per_cell_];
  base_->integrate(w, b);
}

std::unique_ptr<Integrands> CellIntegrands::subset(std::span<const std::size_t> cells) const {
  std::vector<std::size_t> points;
  std::vector<double> weights;
  for (const std::size_t cell : cells)
    for (std::size_t g = cell * per_cell_; g < (cell + 1) * per_cell_; ++g) {
      points.push_back(g);
      weights.push_back(weights_[g]);
    }
  std::unique_ptr<Integrands> base = base_->subset(points);
  auto part = std::make_unique<CellIntegrands>(*base, weights, per_cell_);
  part->own_ = std::move(base);
  return part;
}

} // namespace linnet::rom
