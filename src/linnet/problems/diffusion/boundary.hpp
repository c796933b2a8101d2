// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Boundary conditions of diffusion on the faces of a box.
///
/// With the outward normal n and the conductivity K:
///   dirichlet  u = value
///   neumann    K grad u . n = value            (value > 0 lets u flow in)
///   robin      K grad u . n + coefficient u = value,   coefficient >= 0
///   periodic   both faces of a direction
#pragma once

#include <linnet/core/expression.hpp>
#include <linnet/core/petsc.hpp>
#include <linnet/problems/cells/box_cells.hpp>

#include <array>
#include <functional>
#include <string>
#include <vector>

namespace linnet::problems {

using core::Expression;

enum class BoundaryKind { dirichlet, neumann, robin, periodic };

/// Face number 2 * direction + side, side 0 low, 1 high.
inline constexpr std::array<const char*, 6> face_names{"x_lo", "x_hi", "y_lo",
                                                       "y_hi", "z_lo", "z_hi"};

/// A number per boundary point: an expression, a function, or one value per boundary cell.
class FaceData {
public:
  using Function = std::function<double(const core::Real3& p, double t)>;

  FaceData() = default; ///< zero
  explicit FaceData(Expression e) : expression_(std::move(e)) {}
  explicit FaceData(Function f) : function_(std::move(f)) {}
  /// @p values[a + n1 * b] for the boundary cell with the tangential indices a < n1 and b, the
  /// lower direction first.
  FaceData(std::vector<double> values, int n1) : values_(std::move(values)), n1_(n1) {}

  /// Value at the boundary cell (a, b) with the face centre @p p at the time @p t.
  [[nodiscard]] double operator()(int a, int b, const core::Real3& p, double t) const {
    if (!values_.empty()) return values_[static_cast<std::size_t>(a) + std::size_t(n1_) * b];
    return function_ ? function_(p, t) : expression_(p, t);
  }
  [[nodiscard]] bool depends_on_time() const {
    return function_ ? true : values_.empty() && expression_.depends_on_time();
  }

private:
  Expression expression_;
  Function function_;
  std::vector<double> values_;
  int n1_ = 0;
};

struct FaceCondition {
  BoundaryKind kind = BoundaryKind::dirichlet;
  FaceData value;
  Expression coefficient{1.0}; ///< of robin
};

/// What is said of a robin coefficient that breaks the rule.
inline constexpr const char* coefficient_rule = "must be finite and not negative, or the problem "
                                                "may have no solution (K grad u.n + c u = value "
                                                "with c >= 0 on a robin face)";

using BoundaryConditions = std::array<FaceCondition, 6>;

/// Inflow of u into the cell through one of its faces: load - weight * (value in the cell).
struct FaceClosure {
  double weight = 0.0;
  double load = 0.0;
};

/// The closure of a boundary face with the half-cell transmissibility @p half (area times
/// conductivity over half the cell length) by elimination of the face value.
inline FaceClosure close_face(BoundaryKind kind, double half, double area, double value,
                              double coefficient) {
  if (kind == BoundaryKind::dirichlet) return {half, half * value};
  const double exchange = kind == BoundaryKind::robin ? area * coefficient : 0.0;
  const double part = half / (half + exchange);
  return {part * exchange, part * area * value};
}

/// Derivatives of what close_face() returns by @p half.
inline FaceClosure close_face_slope(BoundaryKind kind, double half, double area, double value,
                                    double coefficient) {
  if (kind == BoundaryKind::dirichlet) return {1.0, value};
  const double exchange = kind == BoundaryKind::robin ? area * coefficient : 0.0;
  const double part = exchange / ((half + exchange) * (half + exchange));
  return {part * exchange, part * area * value};
}

/// Value and coefficient of the condition at the boundary face @p face of cell (i,j,k). @throws
/// core::Error: (data) for values that are not finite, (usage) for negative coefficients.
struct FacePoint {
  double value = 0.0;
  double coefficient = 0.0;
};
FacePoint condition_at(const BoundaryConditions& conditions, const BoxCells& grid, int i, int j,
                       int k, int face, double time);

/// "file.h5:/dataset" split at the last ':' before a '/'; false for any other text.
bool split_dataset(const std::string& text, std::string* file, std::string* dataset);

/// Data of face @p face from @p text: an expression, or "file.h5:/dataset" with the shape (n2,n1)
/// (in 2-D (n1)) of the face's cells. @p option names it in messages. Collective on @p comm.
FaceData read_face_data(MPI_Comm comm, const BoxCells& grid, int face, const std::string& option,
                        const std::string& text);

} // namespace linnet::problems
