// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// One solve of the Helmholtz equation in a square cavity with a random wave speed, on one rank, by
/// the Krylov method and preconditioner of PETSc's options.
///   build/benchmarks/helmholtz -nodes 101 -frequency 1000 -number 0 -shift 0 -ksp_type gcr ...
/// -shift S: the preconditioner gets the matrix with (1 - S) k^2 in place of k^2 (1: the Laplacian;
/// 2: the screened one). Prints JSON.
#include <linnet/core/kokkos_session.hpp>
#include <linnet/io/vec_array.hpp>
#include <linnet/problems/operators/helmholtz_samples.hpp>
#include <linnet/registry/register.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstdio>

namespace {

using namespace linnet;

PetscReal real_option(const char* name, PetscReal standard) {
  LINNET_CHECK(PetscOptionsGetReal(nullptr, nullptr, name, &standard, nullptr));
  return standard;
}

core::Owned<Vec> vector_of(Mat matrix) {
  Vec v = nullptr;
  LINNET_CHECK(MatCreateVecs(matrix, &v, nullptr));
  return core::Owned<Vec>(v);
}

double norm_of(Vec v) {
  PetscReal norm = 0.0;
  LINNET_CHECK(VecNorm(v, NORM_2, &norm));
  return norm;
}

nlohmann::json solve() {
  problems::HelmholtzOptions options;
  options.nodes = static_cast<int>(real_option("-nodes", options.nodes));
  options.frequency = real_option("-frequency", options.frequency);
  const auto number = static_cast<std::uint64_t>(real_option("-number", 0));
  const problems::HelmholtzSamples samples(options);
  const core::Owned<Mat> a = samples.make_matrix(number),
                         p = samples.make_matrix(number, real_option("-shift", 0.0));
  const auto b = vector_of(a.get()), u = vector_of(a.get()), r = vector_of(a.get());
  std::copy(samples.load().begin(), samples.load().end(), io::VecWriteArray(b.get()).data());
  KSP ksp = nullptr;
  PC pc = nullptr;
  LINNET_CHECK(KSPCreate(PETSC_COMM_SELF, &ksp));
  const core::Owned<KSP> owner(ksp);
  LINNET_CHECK(KSPSetOperators(ksp, a.get(), p.get()));
  LINNET_CHECK(KSPGetPC(ksp, &pc));
  LINNET_CHECK(PCSetDM(pc, samples.grid()));
  LINNET_CHECK(KSPSetFromOptions(ksp));
  const double start = MPI_Wtime();
  LINNET_CHECK(KSPSetUp(ksp));
  const double ready = MPI_Wtime();
  LINNET_CHECK(KSPSolve(ksp, b.get(), u.get()));
  const double end = MPI_Wtime();
  PetscInt iterations = 0;
  KSPConvergedReason reason = KSP_CONVERGED_ITERATING;
  LINNET_CHECK(KSPGetIterationNumber(ksp, &iterations));
  LINNET_CHECK(KSPGetConvergedReason(ksp, &reason));
  LINNET_CHECK(MatMult(a.get(), u.get(), r.get()));
  LINNET_CHECK(VecAYPX(r.get(), -1.0, b.get()));
  return {{"nodes", options.nodes},
          {"frequency", options.frequency},
          {"iterations", static_cast<long>(iterations)},
          {"reason", KSPConvergedReasons[reason]},
          {"relative_residual", norm_of(r.get()) / norm_of(b.get())},
          {"setup_seconds", ready - start},
          {"solve_seconds", end - ready}};
}

} // namespace

int main(int argc, char** argv) {
  if (PetscInitialize(&argc, &argv, nullptr, nullptr)) return 1;
  int code = 0;
  try {
    LINNET_CHECK(LinnetInitialize());
    LINNET_CHECK(core::ensure_kokkos());
    std::printf("%s\n", solve().dump().c_str());
  } catch (const core::Error& error) {
    std::fprintf(stderr, "helmholtz: %s\n", error.what());
    code = 1;
  }
  return PetscFinalize() ? 1 : code;
}
