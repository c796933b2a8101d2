// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Manufactured solutions: u and kappa as expressions; source and boundary data follow by exact
/// differentiation.
#pragma once

#include <linnet/problems/diffusion/boundary.hpp>
#include <linnet/problems/diffusion/medium.hpp>
#include <linnet/problems/diffusion/nonlinear_law.hpp>

#include <optional>
#include <string>

namespace linnet::problems {

/// capacity u_t - div(kappa k T grad u) + reaction u + r = f with a known u; k = 1 and r = 0 unless
/// there is a nonlinear law, steady then.
struct Manufactured {
  Expression solution;
  Expression conductivity{1.0};
  ConductivityTensor tensor;
  double reaction = 0.0;
  double capacity = 0.0; ///< 0: steady
  std::optional<NonlinearLaw> law;

  /// f at @p p and the time @p t.
  [[nodiscard]] double source(const core::Real3& p, double t) const;
  /// kappa k T grad u.
  [[nodiscard]] core::Real3 diffusive_flux(const core::Real3& p, double t) const;
  /// The datum that the condition @p kind (coefficient @p coefficient) has on the face @p face.
  [[nodiscard]] double boundary_value(BoundaryKind kind, double coefficient, int face,
                                      const core::Real3& p, double t) const;

private:
  /// kappa k: value and derivatives by position.
  [[nodiscard]] NonlinearLaw::Value coefficient(const core::Jet& u, const core::Real3& p,
                                                double t) const;
};

/// Named pairs of solution and conductivity for problems of @p dim dimensions: "trigonometric"
/// (period 1 in all directions), "polynomial", "exponential". Any other text is the expression of
/// u, with kappa = @p conductivity. @throws core::Error (usage).
Manufactured make_manufactured(const std::string& text, const std::string& conductivity, int dim);

/// sqrt(integral of (u - exact)^2 over the fluid / volume of the fluid) by the midpoint rule;
/// @p mask may be NULL. With @p up_to_constant the mean of the difference is taken out first.
/// Collective.
double solution_error(const BoxCells& grid, DM cells, Vec u, Vec mask, const Expression& exact,
                      double time, bool up_to_constant);

} // namespace linnet::problems
