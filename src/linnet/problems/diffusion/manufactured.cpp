// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/problems/diffusion/manufactured.hpp>

#include <linnet/problems/cells/cell_array.hpp>

#include <cmath>
#include <map>

namespace linnet::problems {

namespace {

double entry(const ConductivityTensor& tensor, int a, int b) {
  if (a == b) return tensor.diagonal[a];
  return a + b == 1 ? tensor.xy : 0.0;
}

} // namespace

NonlinearLaw::Value Manufactured::coefficient(const core::Jet& u, const core::Real3& p,
                                              double t) const {
  const core::Jet kappa = conductivity.jet(p, t);
  NonlinearLaw::Value k{1.0, 0.0, {0, 0, 0}};
  if (law && law->kind == LawKind::quasilinear) {
    k = law->at(p, u.value);
    for (int a = 0; a < 3; ++a) k.gradient[a] += k.slope * u.gradient[a];
  } else if (law && law->kind == LawKind::p_laplacian) {
    double square = 0.0;
    for (int a = 0; a < 3; ++a) square += u.gradient[a] * u.gradient[a];
    k = law->of_gradient(square);
    for (int a = 0; a < 3; ++a)
      for (int b = 0; b < 3; ++b) k.gradient[a] += 2.0 * k.slope * u.gradient[b] * u.hessian[a][b];
  }
  NonlinearLaw::Value product{kappa.value * k.value, 0.0, {0, 0, 0}};
  for (int a = 0; a < 3; ++a)
    product.gradient[a] = kappa.gradient[a] * k.value + kappa.value * k.gradient[a];
  return product;
}

core::Real3 Manufactured::diffusive_flux(const core::Real3& p, double t) const {
  const core::Jet u = solution.jet(p, t);
  const double kappa = coefficient(u, p, t).value;
  core::Real3 flux{0, 0, 0};
  for (int a = 0; a < 3; ++a)
    for (int b = 0; b < 3; ++b) flux[a] += kappa * entry(tensor, a, b) * u.gradient[b];
  return flux;
}

double Manufactured::source(const core::Real3& p, double t) const {
  const core::Jet u = solution.jet(p, t);
  const NonlinearLaw::Value kappa = coefficient(u, p, t);
  double divergence = 0.0;
  for (int a = 0; a < 3; ++a)
    for (int b = 0; b < 3; ++b)
      divergence +=
          entry(tensor, a, b) * (kappa.gradient[a] * u.gradient[b] + kappa.value * u.hessian[a][b]);
  const bool reacts = law && law->kind == LawKind::reaction;
  return capacity * u.gradient[3] - divergence + reaction * u.value +
         (reacts ? law->at(p, u.value).value : 0.0);
}

double Manufactured::boundary_value(BoundaryKind kind, double coefficient, int face,
                                    const core::Real3& p, double t) const {
  if (kind == BoundaryKind::dirichlet) return solution(p, t);
  const double outward = (face % 2 ? 1.0 : -1.0) * diffusive_flux(p, t)[face / 2];
  return outward + (kind == BoundaryKind::robin ? coefficient * solution(p, t) : 0.0);
}

Manufactured make_manufactured(const std::string& text, const std::string& conductivity, int dim) {
  struct Pair {
    const char* u[2];
    const char* kappa[2]; // 2-D, 3-D
  };
  static const std::map<std::string, Pair> named{
      {"trigonometric",
       {{"sin(2*pi*x+0.3)*cos(2*pi*y-0.2)", "sin(2*pi*x+0.3)*cos(2*pi*y-0.2)*sin(2*pi*z+0.7)"},
        {"1.5+sin(2*pi*x)*sin(2*pi*y)", "1.5+sin(2*pi*x)*sin(2*pi*y)*cos(2*pi*z)"}}},
      {"polynomial",
       {{"x^2*y-0.5*y^3+x*y+0.2*x", "x^2*y-0.5*y^3*z+x*y*z+0.2*z^2"},
        {"1+x+0.5*y^2", "1+x+0.5*y^2+0.3*z"}}},
      {"exponential",
       {{"exp(0.7*x-0.4*y)*sin(pi*y)", "exp(0.7*x-0.4*y)*sin(pi*y)*cos(1.3*z)"},
        {"exp(x*y)", "exp(x*y-0.5*z)"}}}};
  const int place = dim == 3 ? 1 : 0;
  Manufactured m;
  const auto found = named.find(text);
  try {
    m.solution = Expression::parse(found == named.end() ? text : found->second.u[place]);
  } catch (const core::Error& error) {
    core::throw_usage("-diffusion_manufactured: " + std::string(error.what()) +
                      "; or trigonometric, polynomial, exponential");
  }
  const std::string preset = found == named.end() ? "1" : found->second.kappa[place];
  try {
    m.conductivity = Expression::parse(conductivity.empty() ? preset : conductivity);
  } catch (const core::Error& error) {
    core::throw_usage("-diffusion_conductivity_factor: " + std::string(error.what()));
  }
  return m;
}

double solution_error(const BoxCells& grid, DM cells, Vec u, Vec mask, const Expression& exact,
                      double time, bool up_to_constant) {
  const grid::IndexBox box = owned_cells(cells);
  const CellArray values(u, box, grid::Access::read);
  std::unique_ptr<CellArray> solid;
  if (mask) solid = std::make_unique<CellArray>(mask, box, grid::Access::read);
  double sums[3] = {0, 0, 0}; // cells, difference, its square
  const auto visit = [&](double mean) {
    sums[0] = sums[1] = sums[2] = 0.0;
    visit_cells(box, [&](int i, int j, int k) {
      if (solid && (*solid)(i, j, k) >= 0.5) return;
      const double difference = values(i, j, k) - exact(grid.center(i, j, k), time) - mean;
      sums[0] += 1.0, sums[1] += difference, sums[2] += difference * difference;
    });
    const MPI_Comm comm = PetscObjectComm(reinterpret_cast<PetscObject>(cells));
    LINNET_CHECK(static_cast<PetscErrorCode>(
        MPI_Allreduce(MPI_IN_PLACE, sums, 3, MPI_DOUBLE, MPI_SUM, comm)));
  };
  visit(0.0);
  if (up_to_constant && sums[0] > 0.0) visit(sums[1] / sums[0]);
  return sums[0] > 0.0 ? std::sqrt(sums[2] / sums[0]) : 0.0;
}

} // namespace linnet::problems
