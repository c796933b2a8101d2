// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/problems/operators/helmholtz_solver.hpp>

#include <linnet/core/text.hpp>
#include <linnet/io/vec_array.hpp>
#include <linnet/problems/cells/cell_array.hpp>

#include <algorithm>
#include <array>
#include <cmath>

namespace linnet::problems {

namespace {

constexpr int gauss = 3;
constexpr std::size_t corners = 4;
constexpr int most_refinements = 4;

/// Of the interval (0,1).
struct GaussPoint {
  double at, weight;
};
std::array<GaussPoint, gauss> gauss_rule() {
  const double offset = 0.5 * std::sqrt(0.6);
  return {{{0.5 - offset, 5.0 / 18.0}, {0.5, 8.0 / 18.0}, {0.5 + offset, 5.0 / 18.0}}};
}

/// The two linear basis functions of the interval (0,1), or their slopes.
double basis(std::size_t node, double x) { return node == 0 ? 1.0 - x : x; }
double slope(std::size_t node) { return node == 0 ? -1.0 : 1.0; }

using ElementMatrix = std::array<std::array<double, corners>, corners>;

/// Integrals of grad phi_a . grad phi_b over a square element of any size; corner a = (a & 1, a >>
/// 1).
ElementMatrix stiffness() {
  ElementMatrix k{};
  const auto mass = [](std::size_t a, std::size_t b) { return a == b ? 1.0 / 3.0 : 1.0 / 6.0; };
  for (std::size_t a = 0; a < corners; ++a)
    for (std::size_t b = 0; b < corners; ++b)
      k[a][b] = slope(a & 1) * slope(b & 1) * mass(a >> 1, b >> 1) +
                slope(a >> 1) * slope(b >> 1) * mass(a & 1, b & 1);
  return k;
}

/// Calls @p body(value times weight, basis functions) for the Gauss points of an element.
template <class Body>
void each_gauss_point(int elements, int ex, int ey, const std::vector<double>& field, Body body) {
  static const auto rule = gauss_rule();
  const auto pitch = static_cast<std::size_t>(gauss) * static_cast<std::size_t>(elements);
  for (std::size_t q = 0; q < gauss; ++q)
    for (std::size_t p = 0; p < gauss; ++p) {
      std::array<double, corners> phi{};
      for (std::size_t a = 0; a < corners; ++a)
        phi[a] = basis(a & 1, rule[p].at) * basis(a >> 1, rule[q].at);
      const std::size_t x = gauss * static_cast<std::size_t>(ex) + p,
                        y = gauss * static_cast<std::size_t>(ey) + q;
      body(rule[p].weight * rule[q].weight * field[x + pitch * y], phi);
    }
}

/// Natural numbers of the nodes of an element, in the order of its corners.
std::array<PetscInt, corners> nodes_of(int elements, int ex, int ey) {
  const PetscInt row = elements + 1, first = ex + row * ey;
  return {first, first + 1, first + row, first + row + 1};
}

Owned<DM> node_grid(int elements) {
  if (elements < 1)
    core::throw_usage("Helmholtz: " + std::to_string(elements) +
                      " elements per direction; at least 1 is needed");
  DM grid = nullptr;
  LINNET_CHECK(DMDACreate2d(PETSC_COMM_SELF, DM_BOUNDARY_NONE, DM_BOUNDARY_NONE, DMDA_STENCIL_BOX,
                            elements + 1, elements + 1, 1, 1, 1, 1, nullptr, nullptr, &grid));
  Owned<DM> owner(grid);
  LINNET_CHECK(DMSetUp(grid));
  LINNET_CHECK(DMSetMatType(grid, MATSEQAIJ));
  return owner;
}

/// New for every solve: an ordering that was chosen for other values would round otherwise.
core::Owned<KSP> make_solver(Mat matrix) {
  KSP ksp = nullptr;
  PC pc = nullptr;
  LINNET_CHECK(KSPCreate(PETSC_COMM_SELF, &ksp));
  core::Owned<KSP> owner(ksp);
  LINNET_CHECK(KSPSetType(ksp, KSPPREONLY));
  LINNET_CHECK(KSPSetOperators(ksp, matrix, matrix));
  LINNET_CHECK(KSPGetPC(ksp, &pc));
  LINNET_CHECK(PCSetType(pc, PCLU));
  LINNET_CHECK(PCFactorSetMatSolverType(pc, HelmholtzSolver::package().c_str()));
  return owner;
}

/// |b - A u| / (|A| |u| + |b|) in the maximum norm, and the residual itself.
double backward_error(Mat matrix, Vec b, Vec u, Vec r) {
  PetscReal of_matrix = 0.0, of_u = 0.0, of_b = 0.0, of_r = 0.0;
  LINNET_CHECK(MatMult(matrix, u, r));
  LINNET_CHECK(VecAYPX(r, -1.0, b));
  LINNET_CHECK(MatNorm(matrix, NORM_INFINITY, &of_matrix));
  LINNET_CHECK(VecNorm(u, NORM_INFINITY, &of_u));
  LINNET_CHECK(VecNorm(b, NORM_INFINITY, &of_b));
  LINNET_CHECK(VecNorm(r, NORM_INFINITY, &of_r));
  const double scale = of_matrix * of_u + of_b;
  return scale > 0.0 ? of_r / scale : of_r;
}

} // namespace

HelmholtzSolver::HelmholtzSolver(int elements) : elements_(elements), grid_(node_grid(elements)) {
  for (int e = 0; e < elements; ++e)
    for (const GaussPoint& point : gauss_rule()) gauss_points_.push_back((e + point.at) / elements);
  Mat matrix = nullptr;
  LINNET_CHECK(DMCreateMatrix(grid_.get(), &matrix));
  matrix_.reset(matrix);
}

core::Owned<Mat>
HelmholtzSolver::make_matrix(const std::vector<double>& squared_wave_number) const {
  Mat matrix = nullptr;
  LINNET_CHECK(DMCreateMatrix(grid_.get(), &matrix));
  core::Owned<Mat> owner(matrix);
  assemble(squared_wave_number, matrix);
  return owner;
}

std::string HelmholtzSolver::package() {
  PetscBool found = PETSC_FALSE, fits = PETSC_FALSE;
  LINNET_CHECK(MatSolverTypeGet(MATSOLVERMUMPS, MATSEQAIJ, MAT_FACTOR_LU, &found, &fits, nullptr));
  return found && fits ? MATSOLVERMUMPS : MATSOLVERPETSC;
}

void HelmholtzSolver::add_source(const std::vector<double>& f, std::vector<double>& load) const {
  const double area = std::pow(1.0 / elements_, 2);
  for (int ey = 0; ey < elements_; ++ey)
    for (int ex = 0; ex < elements_; ++ex) {
      const auto node = nodes_of(elements_, ex, ey);
      each_gauss_point(elements_, ex, ey, f, [&](double value, const auto& phi) {
        for (std::size_t a = 0; a < corners; ++a)
          load[static_cast<std::size_t>(node[a])] += area * value * phi[a];
      });
    }
}

void HelmholtzSolver::add_upper_flux(double from, double to, double flux,
                                     std::vector<double>& load) const {
  for (int e = 0; e < elements_; ++e) {
    // The part of the interval in this element, which has the length 1 here.
    const double lo = std::max(from * elements_ - e, 0.0), hi = std::min(to * elements_ - e, 1.0);
    if (hi <= lo) continue;
    const auto node = nodes_of(elements_, e, elements_ - 1);
    const double scale = flux * (hi - lo) / elements_, middle = 0.5 * (lo + hi);
    load[static_cast<std::size_t>(node[2])] += scale * basis(0, middle);
    load[static_cast<std::size_t>(node[3])] += scale * basis(1, middle);
  }
}

void HelmholtzSolver::assemble(const std::vector<double>& squared_wave_number, Mat matrix) const {
  const ElementMatrix of_gradients = stiffness();
  const double area = std::pow(1.0 / elements_, 2);
  LINNET_CHECK(MatZeroEntries(matrix));
  for (int ey = 0; ey < elements_; ++ey)
    for (int ex = 0; ex < elements_; ++ex) {
      ElementMatrix k = of_gradients;
      each_gauss_point(elements_, ex, ey, squared_wave_number, [&](double value, const auto& phi) {
        for (std::size_t a = 0; a < corners; ++a)
          for (std::size_t b = 0; b < corners; ++b) k[a][b] -= area * value * phi[a] * phi[b];
      });
      const auto node = nodes_of(elements_, ex, ey);
      LINNET_CHECK(MatSetValues(matrix, corners, node.data(), corners, node.data(), k[0].data(),
                                ADD_VALUES));
    }
  LINNET_CHECK(MatAssemblyBegin(matrix, MAT_FINAL_ASSEMBLY));
  LINNET_CHECK(MatAssemblyEnd(matrix, MAT_FINAL_ASSEMBLY));
}

void HelmholtzSolver::solve(const std::vector<double>& squared_wave_number,
                            const std::vector<double>& load, std::vector<double>& u) {
  assemble(squared_wave_number, matrix_.get());
  const core::Owned<KSP> direct = make_solver(matrix_.get());
  const Owned<Vec> b = make_cell_vector(grid_.get(), "b"), x = make_cell_vector(grid_.get(), "u"),
                   r = make_cell_vector(grid_.get(), "r"), d = make_cell_vector(grid_.get(), "d");
  std::copy(load.begin(), load.end(), io::VecWriteArray(b.get()).data());
  LINNET_CHECK(VecCopy(b.get(), r.get()));
  double error = HUGE_VAL;
  for (int n = 0; n <= most_refinements && !(error <= tolerance); ++n) {
    LINNET_CHECK(KSPSolve(direct.get(), r.get(), d.get()));
    LINNET_CHECK(VecAXPY(x.get(), 1.0, d.get()));
    error = backward_error(matrix_.get(), b.get(), x.get(), r.get());
  }
  if (!(error <= tolerance))
    throw core::Error(core::ExitCode::not_converged,
                      "Helmholtz: the factorisation leaves a backward error of " +
                          core::number_text(error) + "; the wave number is an eigenvalue");
  const io::VecReadArray values(x.get());
  u.assign(values.data(), values.data() + load.size());
}

} // namespace linnet::problems
