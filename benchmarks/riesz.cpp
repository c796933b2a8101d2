// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Set-up and solve of a Riesz equation by one method, beside the time of one forward and one
/// backward real FFT with as many values as knot spans:
///   mpirun -n 1 build/benchmarks/riesz -mat_riesz_n 1048576 -mat_riesz_degree 5 -method tau
/// Methods: tau; none; circulant (Strang's, one direction); sparse: the collocation matrix for
/// alpha = 2 as the preconditioning matrix, with any -pc_type; dense: the dense matrix, with
/// -pc_type lu. GMRES from the right to 1e-8 unless options say otherwise, right-hand side without
/// pattern. Prints JSON.
#include "riesz_peers.hpp"

#include <linnet/fractional/pc_tau.hpp>
#include <linnet/io/results.hpp>
#include <linnet/kernels/staging.hpp>
#include <linnet/registry/register.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <string>

namespace {

using namespace linnet;

/// Median of five.
double transform_seconds(long n) {
  fractional::RealFfts fft(n);
  std::vector<double> seconds;
  for (int repeat = 0; repeat < 5; ++repeat) {
    const kernels::HostWrite<double> values(fft.values(), static_cast<std::size_t>(n));
    for (long i = 0; i < n; ++i) values.data()[i] = 1.0 / static_cast<double>(i + 1);
    values.finish();
    const double begin = MPI_Wtime();
    fft.forward();
    fft.backward();
    Kokkos::fence();
    seconds.push_back(MPI_Wtime() - begin);
  }
  std::sort(seconds.begin(), seconds.end());
  return seconds[2];
}

/// The matrix that preconditioners see, and their type; what needs a set-up of its own.
PetscErrorCode set_method(const std::string& method, Mat a, KSP ksp, Mat* peer) {
  PetscFunctionBeginUser;
  PC pc;
  PetscCall(KSPGetPC(ksp, &pc));
  *peer = nullptr;
  if (method == "sparse") PetscCall(benchmark::make_sparse(a, peer));
  if (method == "dense") PetscCall(MatConvert(a, MATDENSE, MAT_INITIAL_MATRIX, peer));
  PetscCall(KSPSetOperators(ksp, a, *peer ? *peer : a));
  bool known = false;
  for (const char* name : {"tau", "none", "circulant", "sparse", "dense"})
    known = known || method == name;
  PetscCheck(known, PETSC_COMM_WORLD, PETSC_ERR_USER_INPUT,
             "-method: must be tau, none, circulant, sparse or dense, got %s", method.c_str());
  if (method == "tau") PetscCall(PCSetType(pc, PCTAU));
  if (method == "none") PetscCall(PCSetType(pc, PCNONE));
  if (method == "circulant") PetscCall(benchmark::set_circulant(a, pc));
  if (method == "dense") PetscCall(PCSetType(pc, PCLU));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode fill(Vec b) {
  PetscFunctionBeginUser;
  PetscInt first, last;
  PetscScalar* values;
  PetscCall(VecGetOwnershipRange(b, &first, &last));
  PetscCall(VecGetArrayWrite(b, &values));
  for (PetscInt i = first; i < last; ++i) {
    const auto t = static_cast<double>(i + 1);
    values[i - first] = std::cos(t * t);
  }
  PetscCall(VecRestoreArrayWrite(b, &values));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode measure(const std::string& method) {
  PetscFunctionBeginUser;
  PetscMPIInt ranks;
  PetscCallMPI(MPI_Comm_size(PETSC_COMM_WORLD, &ranks));
  const double begin = MPI_Wtime();
  Mat a, peer;
  PetscCall(MatCreate(PETSC_COMM_WORLD, &a));
  PetscCall(MatSetType(a, MATRIESZ));
  PetscCall(MatSetFromOptions(a));
  PetscCall(MatSetUp(a));
  KSP ksp;
  PetscCall(KSPCreate(PETSC_COMM_WORLD, &ksp));
  PetscCall(KSPSetType(ksp, KSPGMRES));
  PetscCall(KSPGMRESSetRestart(ksp, 100));
  // Circulant matrices have an eigenvalue near zero, which takes orthogonality away.
  PetscCall(KSPGMRESSetCGSRefinementType(ksp, KSP_GMRES_CGS_REFINE_IFNEEDED));
  PetscCall(KSPSetPCSide(ksp, PC_RIGHT));
  PetscCall(KSPSetTolerances(ksp, 1e-8, 0.0, PETSC_DEFAULT, 2000));
  PetscCall(set_method(method, a, ksp, &peer));
  PetscCall(KSPSetFromOptions(ksp));
  PetscCall(KSPSetUp(ksp));
  Kokkos::fence();
  const double set_up = MPI_Wtime();

  Vec b, x, r;
  PetscCall(MatCreateVecs(a, &x, &b));
  PetscCall(VecDuplicate(b, &r));
  PetscCall(fill(b));
  const double ready = MPI_Wtime();
  PetscCall(KSPSolve(ksp, b, x));
  const double solved = MPI_Wtime();

  PetscInt iterations, unknowns;
  KSPConvergedReason reason;
  PetscReal residual, size;
  fractional::RieszOptions options;
  PetscCall(fractional::MatRieszGetOptions(a, &options));
  PetscCall(KSPGetIterationNumber(ksp, &iterations));
  PetscCall(KSPGetConvergedReason(ksp, &reason));
  PetscCall(MatMult(a, x, r));
  PetscCall(VecAYPX(r, -1.0, b));
  PetscCall(VecNorm(r, NORM_2, &residual));
  PetscCall(VecNorm(b, NORM_2, &size));
  PetscCall(VecGetSize(b, &unknowns));
  const double memory = io::peak_memory_mb(PETSC_COMM_WORLD);
  long values = 1;
  for (PetscInt d = 0; d < options.dim; ++d)
    values *= options.axis[static_cast<std::size_t>(d)].spans;
  const double pair = transform_seconds(values);
  const nlohmann::json result = {
      {"ranks", ranks},
      {"unknowns", unknowns},
      {"method", method},
      {"dim", options.dim},
      {"degree", options.axis[0].degree},
      {"alpha", options.axis[0].alpha},
      {"iterations", iterations},
      {"converged", reason > 0 && residual <= 2e-8 * size},
      {"reason", KSPConvergedReasons[reason]},
      {"relative_residual", residual / size},
      {"setup_seconds", set_up - begin},
      {"solve_seconds", solved - ready},
      {"transform_pair_seconds", pair},
      {"seconds_per_transform_pair", (set_up - begin + solved - ready) / pair},
      {"peak_memory_mb", memory}};
  PetscCall(PetscPrintf(PETSC_COMM_WORLD, "%s\n", result.dump().c_str()));
  for (Vec* v : {&b, &x, &r}) PetscCall(VecDestroy(v));
  PetscCall(KSPDestroy(&ksp));
  PetscCall(MatDestroy(&peer));
  PetscCall(MatDestroy(&a));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode run() {
  PetscFunctionBeginUser;
  char method[32] = "tau";
  PetscCall(PetscOptionsGetString(nullptr, nullptr, "-method", method, sizeof method, nullptr));
  PetscCall(LinnetInitialize());
  PetscCall(measure(method));
  PetscFunctionReturn(PETSC_SUCCESS);
}

} // namespace

int main(int argc, char** argv) {
  PetscCall(PetscInitialize(&argc, &argv, nullptr, nullptr));
  const PetscErrorCode error = run();
  PetscCall(PetscFinalize());
  return error == PETSC_SUCCESS ? 0 : 1;
}
