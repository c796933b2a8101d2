// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// A sequence of diffusion solves with one matrix and a source that wanders through a box and comes
/// back to places near those it has been at, with any -ksp_guess_type:
///   mpirun -n 1 build/benchmarks/guesses -cells 128 -family laps -ksp_guess_type retrieval
/// The source is a Gaussian bump of width 0.08 in the unit square or cube (-dimension 3). Families:
///   laps  goes round a closed track in 20 solves, off the track by up to 0.02 in each direction,
///         with a width that is off by up to 5 % and a strength by up to 20 %
///   walk  random steps of 0.1 (normal, each direction) within [0.2, 0.8]^d
/// Medium: log-normal, fixed; u = 0 on the boundary. Conjugate gradients to 1e-8 of the right-hand
/// side from the true residual. Prints JSON. -distances also finds how near right-hand sides come.
#include <linnet/core/random.hpp>
#include <linnet/io/vec_array.hpp>
#include <linnet/linalg/gemm.hpp>
#include <linnet/problems/diffusion/diffusion_matrix.hpp>
#include <linnet/registry/register.hpp>

#include <nlohmann/json.hpp>

#include <petsctime.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <ctime>
#include <numbers>
#include <string>
#include <vector>

namespace {

using namespace linnet;
using core::Owned;
using core::Real3;

struct Settings {
  PetscInt dimension = 2, cells = 128, solves = 300, seed = 1;
  std::string family = "laps";
  PetscBool distances = PETSC_FALSE;
};

Settings read_settings() {
  Settings s;
  char family[16] = "laps";
  LINNET_CHECK(PetscOptionsGetInt(nullptr, nullptr, "-dimension", &s.dimension, nullptr));
  LINNET_CHECK(PetscOptionsGetInt(nullptr, nullptr, "-cells", &s.cells, nullptr));
  LINNET_CHECK(PetscOptionsGetInt(nullptr, nullptr, "-solves", &s.solves, nullptr));
  LINNET_CHECK(PetscOptionsGetInt(nullptr, nullptr, "-seed", &s.seed, nullptr));
  LINNET_CHECK(PetscOptionsGetString(nullptr, nullptr, "-family", family, sizeof family, nullptr));
  LINNET_CHECK(PetscOptionsHasName(nullptr, nullptr, "-distances", &s.distances));
  s.family = family;
  if (s.family != "laps" && s.family != "walk")
    core::throw_usage("-family: must be laps or walk, got " + s.family);
  return s;
}

struct Source {
  Real3 center{0.5, 0.5, 0.5};
  double width = 0.08, strength = 1.0;
};

/// The place on the track at @p turn, counted in laps.
Real3 on_track(double turn) {
  const double a = 2.0 * std::numbers::pi * turn;
  return {0.5 + 0.3 * std::cos(a), 0.5 + 0.2 * std::sin(2.0 * a), 0.5 + 0.2 * std::sin(3.0 * a)};
}

std::vector<Source> laps(const Settings& s) {
  std::vector<Source> sources;
  const core::RandomStream random(static_cast<std::uint64_t>(s.seed), 0);
  const auto deviation = [&](PetscInt solve, int which) {
    return 2.0 * random.uniform(static_cast<std::uint64_t>(8 * solve + which)) - 1.0;
  };
  for (PetscInt t = 0; t < s.solves; ++t) {
    Source source{on_track(static_cast<double>(t % 20) / 20.0)};
    for (int d = 0; d < 3; ++d) source.center[std::size_t(d)] += 0.02 * deviation(t, d);
    source.width *= 1.0 + 0.05 * deviation(t, 3);
    source.strength *= 1.0 + 0.2 * deviation(t, 4);
    sources.push_back(source);
  }
  return sources;
}

std::vector<Source> walk(const Settings& s) {
  std::vector<Source> sources;
  const core::RandomStream random(static_cast<std::uint64_t>(s.seed), 1);
  Source source;
  for (PetscInt t = 0; t < s.solves; ++t) {
    for (int d = 0; d < 3; ++d) {
      double& x = source.center[std::size_t(d)];
      x += 0.1 * random.normal(static_cast<std::uint64_t>(8 * t + d));
      x = x < 0.2 ? 0.4 - x : x > 0.8 ? 1.6 - x : x;
    }
    sources.push_back(source);
  }
  return sources;
}

struct System {
  problems::DiffusionModel model;
  Owned<DM> cells;
  Owned<Mat> matrix;
};

System make_system(const Settings& s) {
  System system;
  problems::BoxCells& grid = system.model.grid;
  grid.dim = static_cast<int>(s.dimension);
  const int n = static_cast<int>(s.cells);
  grid.cells = {n, n, s.dimension == 3 ? n : 1};
  system.cells.reset(problems::create_cell_dm(PETSC_COMM_WORLD, grid, false));
  const Owned<Vec> kappa = problems::make_cell_vector(system.cells.get(), "kappa");
  problems::MediumOptions medium;
  medium.kind = problems::MediumKind::lognormal;
  LINNET_CHECK(fill_medium(system.cells.get(), grid.domain, medium, kappa.get()));
  problems::DiffusionSystem equations(system.cells.get(), system.model);
  equations.assemble(kappa.get(), nullptr, 0.0);
  Mat matrix = nullptr;
  LINNET_CHECK(DMCreateMatrix(system.cells.get(), &matrix));
  system.matrix.reset(matrix);
  set_matrix(equations, false, matrix);
  return system;
}

void fill(const System& system, const Source& source, Vec b) {
  const auto& grid = system.model.grid;
  const auto box = problems::owned_cells(system.cells.get());
  const problems::CellArray values(b, box, grid::Access::write);
  const double scale = source.strength * grid.cell_volume();
  problems::visit_cells(box, [&](int i, int j, int k) {
    const Real3 p = grid.center(i, j, k);
    double square = 0.0;
    for (std::size_t d = 0; d < std::size_t(grid.dim); ++d)
      square += (p[d] - source.center[d]) * (p[d] - source.center[d]);
    values(i, j, k) = scale * std::exp(-square / (2.0 * source.width * source.width));
  });
}

/// Smallest distance of a right-hand side from an earlier one, over its own length; and from the
/// nearest multiple of one.
nlohmann::json distances(const System& system, const std::vector<Source>& sources) {
  const Owned<Vec> b = problems::make_cell_vector(system.cells.get(), "b");
  std::vector<double> all, products(sources.size() * sources.size());
  for (const Source& source : sources) {
    fill(system, source, b.get());
    PetscInt rows = 0;
    LINNET_CHECK(VecGetLocalSize(b.get(), &rows));
    const io::VecReadArray values(b.get());
    all.insert(all.end(), values.data(), values.data() + rows);
  }
  const auto n = static_cast<std::int64_t>(sources.size());
  const auto rows = static_cast<std::int64_t>(all.size()) / n;
  linalg::gemm('T', 'N', n, n, rows, 1.0, all.data(), rows, all.data(), rows, 0.0, products.data(),
               n);
  LINNET_CHECK(MPI_Allreduce(MPI_IN_PLACE, products.data(), static_cast<int>(products.size()),
                             MPI_DOUBLE, MPI_SUM, PETSC_COMM_WORLD));
  const auto at = [&](std::size_t i, std::size_t j) { return products[i * sources.size() + j]; };
  double least = 1.0, least_multiple = 1.0;
  for (std::size_t i = 0; i < sources.size(); ++i)
    for (std::size_t j = 0; j < i; ++j) {
      const double square = at(i, i) - 2.0 * at(i, j) + at(j, j);
      least = std::min(least, std::sqrt(std::max(0.0, square) / at(i, i)));
      const double rest = 1.0 - at(i, j) * at(i, j) / (at(i, i) * at(j, j));
      least_multiple = std::min(least_multiple, std::sqrt(std::max(0.0, rest)));
    }
  return {{"least", least}, {"least_from_a_multiple", least_multiple}};
}

Owned<KSP> make_solver(const System& system) {
  KSP ksp = nullptr;
  PC pc = nullptr;
  LINNET_CHECK(KSPCreate(PETSC_COMM_WORLD, &ksp));
  Owned<KSP> owner(ksp);
  LINNET_CHECK(KSPSetOperators(ksp, system.matrix.get(), system.matrix.get()));
  LINNET_CHECK(KSPSetType(ksp, KSPCG));
  LINNET_CHECK(KSPSetNormType(ksp, KSP_NORM_UNPRECONDITIONED));
  LINNET_CHECK(KSPSetTolerances(ksp, 1e-8, 1e-300, PETSC_DEFAULT, 10000));
  LINNET_CHECK(KSPSetResidualHistory(ksp, nullptr, 20000, PETSC_TRUE));
  LINNET_CHECK(KSPGetPC(ksp, &pc));
  LINNET_CHECK(PCSetDM(pc, system.cells.get()));
  LINNET_CHECK(KSPSetFromOptions(ksp));
  LINNET_CHECK(KSPSetUp(ksp));
  return owner;
}

struct Record {
  std::vector<double> residuals;
  std::vector<long> iterations;
  double seconds = 0.0, processor_seconds = 0.0;
  bool converged = true;
};

void solve(KSP ksp, Vec b, Vec u, Record& record) {
  const std::clock_t before = std::clock();
  const double start = MPI_Wtime();
  LINNET_CHECK(KSPSolve(ksp, b, u));
  record.seconds += MPI_Wtime() - start;
  record.processor_seconds += static_cast<double>(std::clock() - before) / CLOCKS_PER_SEC;
  const PetscReal* history = nullptr;
  PetscInt iterations = 0, length = 0;
  KSPConvergedReason reason = KSP_CONVERGED_ITERATING;
  PetscReal size = 0.0;
  LINNET_CHECK(KSPGetResidualHistory(ksp, &history, &length));
  LINNET_CHECK(KSPGetIterationNumber(ksp, &iterations));
  LINNET_CHECK(KSPGetConvergedReason(ksp, &reason));
  LINNET_CHECK(VecNorm(b, NORM_2, &size));
  record.iterations.push_back(static_cast<long>(iterations));
  record.residuals.push_back(length > 0 ? history[0] / size : 0.0);
  record.converged = record.converged && reason > 0;
}

nlohmann::json run() {
  const Settings s = read_settings();
  const System system = make_system(s);
  const std::vector<Source> sources = s.family == "laps" ? laps(s) : walk(s);
  const Owned<KSP> ksp = make_solver(system);
  const Owned<Vec> b = problems::make_cell_vector(system.cells.get(), "b"),
                   u = problems::make_cell_vector(system.cells.get(), "u");
  Record record;
  for (const Source& source : sources) {
    fill(system, source, b.get());
    LINNET_CHECK(VecSet(u.get(), 0.0));
    solve(ksp.get(), b.get(), u.get(), record);
  }
  nlohmann::json result{{"converged", record.converged},
                        {"iterations", record.iterations},
                        {"initial_residuals", record.residuals},
                        {"seconds", record.seconds},
                        {"processor_seconds", record.processor_seconds}};
  if (s.distances) result["distances"] = distances(system, sources);
  return result;
}

} // namespace

int main(int argc, char** argv) {
  if (PetscInitialize(&argc, &argv, nullptr, nullptr)) return 1;
  int code = 0, rank = 0;
  try {
    LINNET_CHECK(LinnetInitialize());
    LINNET_CHECK(MPI_Comm_rank(PETSC_COMM_WORLD, &rank));
    const nlohmann::json result = run();
    if (rank == 0) std::printf("%s\n", result.dump().c_str());
  } catch (const core::Error& error) {
    std::fprintf(stderr, "guesses: %s\n", error.what());
    code = 1;
  }
  return PetscFinalize() ? 1 : code;
}
