// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Solves of random diffusion problems (problems/samples/random_diffusion.hpp) on one grid with u =
/// 0 on the border, by the Krylov method and preconditioner of PETSc's options.
///   build/benchmarks/basis -kind lognormal -cells 64 -first 1000000 -count 4 -pc_type basis ...
/// Unknowns are the (cells - 1)^2 inner nodes. Problems `first` and on; seed 1, that of the decks
/// of training, whose samples have lower numbers. -bilinear n: the n x n hats of a coarse grid as
/// vectors of `basis`. Options of the solver apply to all. Prints JSON: iterations, seconds, the
/// true residuals.
#include <linnet/coarse/pc_basis.hpp>
#include <linnet/core/kokkos_session.hpp>
#include <linnet/linalg/dense_columns.hpp>
#include <linnet/problems/samples/random_diffusion.hpp>
#include <linnet/registry/register.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstring>

namespace {

using namespace linnet;

PetscInt integer_option(const char* name, PetscInt standard) {
  LINNET_CHECK(PetscOptionsGetInt(nullptr, nullptr, name, &standard, nullptr));
  return standard;
}

problems::RandomDiffusionOptions family() {
  char kind[32] = "lognormal";
  LINNET_CHECK(PetscOptionsGetString(nullptr, nullptr, "-kind", kind, sizeof kind, nullptr));
  problems::RandomDiffusionOptions options;
  options.nodes = static_cast<int>(integer_option("-cells", 32)) + 1;
  options.seed = 1;
  if (std::strcmp(kind, "inclusions") == 0) {
    options.kind = problems::DiffusionKind::inclusions;
    options.source_length = 0.2;
  } else if (std::strcmp(kind, "lognormal") != 0) {
    core::throw_usage("-kind: must be lognormal or inclusions, got " + std::string(kind));
  }
  return options;
}

/// Tensor products of the hats of n inner nodes.
core::Owned<Mat> hats(int unknowns, int n) {
  core::Owned<Mat> vectors = linalg::make_columns(PETSC_COMM_SELF, unknowns * unknowns, n * n);
  const linalg::LocalColumns to(vectors.get(), linalg::LocalColumns::Access::write);
  const auto hat = [&](int i, int k) {
    return std::max(0.0, 1.0 - std::abs((i + 1.0) / (unknowns + 1) * (n + 1) - (k + 1)));
  };
  for (int c = 0; c < n * n; ++c)
    for (int j = 0; j < unknowns; ++j)
      for (int i = 0; i < unknowns; ++i)
        to.column(c)[i + unknowns * j] = hat(i, c % n) * hat(j, c / n);
  return vectors;
}

/// Sparse, where the preconditioner needs it so.
core::Owned<Mat> copy_of(Mat stencil) {
  PetscBool keep = PETSC_FALSE;
  LINNET_CHECK(PetscOptionsGetBool(nullptr, nullptr, "-stencil", &keep, nullptr));
  Mat a = nullptr;
  if (keep)
    LINNET_CHECK(MatDuplicate(stencil, MAT_COPY_VALUES, &a));
  else
    LINNET_CHECK(MatConvert(stencil, MATAIJ, MAT_INITIAL_MATRIX, &a));
  core::Owned<Mat> owner(a);
  LINNET_CHECK(MatSetOption(a, MAT_SPD, PETSC_TRUE));
  return owner;
}

struct Solve {
  PetscInt iterations;
  double residual, setup, seconds;
};

Solve solve(const problems::DarcySolver& problem, int unknowns) {
  const core::Owned<Mat> a = copy_of(problem.matrix());
  const Vec b = problem.right_hand_side();
  Vec x = nullptr, r = nullptr;
  LINNET_CHECK(VecDuplicate(b, &x));
  LINNET_CHECK(VecDuplicate(b, &r));
  const core::Owned<Vec> first(x), second(r);
  KSP ksp = nullptr;
  PC pc = nullptr;
  LINNET_CHECK(KSPCreate(PETSC_COMM_SELF, &ksp));
  const core::Owned<KSP> owner(ksp);
  LINNET_CHECK(KSPSetOperators(ksp, a.get(), a.get()));
  LINNET_CHECK(KSPSetType(ksp, KSPCG));
  LINNET_CHECK(KSPSetNormType(ksp, KSP_NORM_UNPRECONDITIONED));
  LINNET_CHECK(KSPSetTolerances(ksp, 1e-8, 1e-300, PETSC_DEFAULT, 5000));
  LINNET_CHECK(KSPGetPC(ksp, &pc));
  LINNET_CHECK(PCSetDM(pc, problem.grid()));
  LINNET_CHECK(KSPSetFromOptions(ksp));
  const auto n = static_cast<int>(integer_option("-bilinear", 0));
  core::Owned<Mat> vectors;
  if (n > 0) {
    vectors = hats(unknowns, n);
    LINNET_CHECK(coarse::PCBasisSetVectors(pc, vectors.get()));
  }
  const double start = MPI_Wtime();
  LINNET_CHECK(KSPSetUp(ksp));
  const double ready = MPI_Wtime();
  LINNET_CHECK(KSPSolve(ksp, b, x));
  const double end = MPI_Wtime();
  Solve result{0, 0.0, ready - start, end - ready};
  PetscReal left = 0.0, size = 0.0;
  LINNET_CHECK(KSPGetIterationNumber(ksp, &result.iterations));
  LINNET_CHECK(MatMult(a.get(), x, r));
  LINNET_CHECK(VecAYPX(r, -1.0, b));
  LINNET_CHECK(VecNorm(r, NORM_2, &left));
  LINNET_CHECK(VecNorm(b, NORM_2, &size));
  result.residual = left / size;
  return result;
}

nlohmann::json run() {
  const auto options = family();
  problems::RandomDiffusion problem(options);
  const auto first = integer_option("-first", 1000000), count = integer_option("-count", 4);
  nlohmann::json result{{"cells", options.nodes - 1}};
  for (PetscInt k = 0; k < count; ++k) {
    problem.assemble(static_cast<std::uint64_t>(first + k));
    const Solve s = solve(problem.solver(), options.nodes - 2);
    result["iterations"].push_back(static_cast<long>(s.iterations));
    result["residuals"].push_back(s.residual);
    result["setup_seconds"].push_back(s.setup);
    result["solve_seconds"].push_back(s.seconds);
  }
  return result;
}

} // namespace

int main(int argc, char** argv) {
  if (PetscInitialize(&argc, &argv, nullptr, nullptr)) return 1;
  int code = 0;
  try {
    LINNET_CHECK(LinnetInitialize());
    LINNET_CHECK(core::ensure_kokkos());
    std::printf("%s\n", run().dump().c_str());
  } catch (const core::Error& error) {
    std::fprintf(stderr, "basis: %s\n", error.what());
    code = 1;
  }
  return PetscFinalize() ? 1 : code;
}
