// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// The matrices that directions are for.
#pragma once

#include <linnet/core/app_runtime.hpp>
#include <linnet/problems/samples/tank.hpp>

#include <string>
#include <vector>

namespace app {

/// A symmetric matrix on the points of a grid, in natural numbering.
class GridOperator {
public:
  explicit GridOperator(std::unique_ptr<linnet::problems::Tank> tank) : tank_(std::move(tank)) {}
  GridOperator(linnet::core::Owned<DM> grid, linnet::core::Owned<Mat> matrix)
      : grid_(std::move(grid)), matrix_(std::move(matrix)) {}

  [[nodiscard]] DM grid() const { return tank_ ? tank_->grid() : grid_.get(); }
  [[nodiscard]] Mat matrix() const { return tank_ ? tank_->matrix() : matrix_.get(); }
  /// Null for another matrix than that of a tank.
  [[nodiscard]] const linnet::problems::Tank* tank() const { return tank_.get(); }

private:
  std::unique_ptr<linnet::problems::Tank> tank_;
  linnet::core::Owned<DM> grid_;
  linnet::core::Owned<Mat> matrix_;
};

/// The path of `-train_matrix`, empty without one. Collective.
std::string find_matrix_file(const linnet::core::AppContext& context);

/// The matrix of geometry number @p geometry of the options, or that of @p matrix_file, on this
/// rank alone. Not collective. @throws core::Error for a file that does not hold a symmetric matrix
/// of the grid.
GridOperator make_operator(const linnet::core::Options& options, const std::string& matrix_file,
                           int geometry);
/// All of them. Collective.
std::vector<GridOperator> make_operators(const linnet::core::AppContext& context,
                                         const std::string& matrix_file);

/// Tells these matrices from others: one by rows, entries and Frobenius norm, many by how they are
/// made.
std::string fingerprint(const linnet::core::AppContext& context,
                        const std::vector<GridOperator>& operators);

} // namespace app
