// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// The equation on its splines.
#pragma once

#include "problem.hpp"

#include <linnet/core/owned.hpp>

#include <array>
#include <vector>

namespace app {

using linnet::core::Owned;

/// Collective.
class Discretisation {
public:
  /// Makes the matrix.
  Discretisation(const AppContext& context, Problem problem);

  [[nodiscard]] const Problem& problem() const { return problem_; }
  [[nodiscard]] Mat matrix() const { return matrix_.get(); }
  [[nodiscard]] PetscInt unknowns() const;
  /// Collocation points along a direction.
  [[nodiscard]] const std::vector<double>& points(std::size_t d) const { return points_[d]; }
  [[nodiscard]] Owned<Vec> make_vector() const;

  /// s at the collocation points. Throws where it is not finite.
  void fill_source(double time, Vec values) const;
  /// A function at the collocation points; @p what names it in the error where it is not finite.
  void fill(const Function& f, double time, const char* what, Vec values) const;

  /// Largest and root mean square difference between the function with these coefficients and the
  /// known one: at 2001 (201, 51) points per direction, the largest also at 8 points in each of the
  /// four knot spans next to an end.
  struct Errors {
    double largest = 0.0, mean_square = 0.0;
  };
  [[nodiscard]] Errors errors(Vec coefficients, double time) const;
  /// An end of a direction where the function goes to zero like distance^power, not faster than a
  /// solution without smooth derivatives, distance^(alpha/2), about does.
  struct End {
    std::size_t direction;
    double power;
  };
  /// The worst such end, if any.
  [[nodiscard]] std::optional<End> rough_end(Vec coefficients) const;
  /// The integral of the function over the box.
  [[nodiscard]] double integral(Vec coefficients) const;

private:
  template <class Value>
  void fill_values(const Value& value, const char* what, Vec values) const;
  [[nodiscard]] double manufactured_source(const std::array<std::size_t, 3>& i, double time) const;
  void tabulate();

  const AppContext& context_;
  Problem problem_;
  Owned<Mat> matrix_;
  std::array<std::vector<double>, 3> points_;
  std::array<std::vector<double>, 3> bump_, image_; ///< of the known solution, at the points
};

} // namespace app
