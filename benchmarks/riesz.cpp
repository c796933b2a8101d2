// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Set-up and solve of a Riesz equation beside the time of one forward and one backward real FFT of
/// the same length:
///   mpirun -n 1 build/benchmarks/riesz 1048576 5 1.5
/// (knot spans, degree, order; further options are PETSc's). GMRES with `tau` to 1e-8, right-hand
/// side without pattern. Prints JSON.
#include <linnet/fractional/fourier.hpp>
#include <linnet/fractional/mat_riesz.hpp>
#include <linnet/fractional/pc_tau.hpp>
#include <linnet/io/results.hpp>
#include <linnet/registry/register.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>

namespace {

using namespace linnet;

/// Median of five.
double transform_seconds(long n) {
  fractional::RealFft fft(n);
  std::vector<double> seconds;
  for (int repeat = 0; repeat < 5; ++repeat) {
    for (long i = 0; i < n; ++i) fft.values()[i] = 1.0 / static_cast<double>(i + 1);
    const double begin = MPI_Wtime();
    fft.forward();
    fft.backward();
    seconds.push_back(MPI_Wtime() - begin);
  }
  std::sort(seconds.begin(), seconds.end());
  return seconds[2];
}

PetscErrorCode measure(const fractional::RieszOptions& options) {
  PetscFunctionBeginUser;
  nlohmann::json result;
  PetscMPIInt ranks;
  PetscCallMPI(MPI_Comm_size(PETSC_COMM_WORLD, &ranks));
  const double pair = transform_seconds(static_cast<long>(options.axis[0].spans));

  const double begin = MPI_Wtime();
  Mat a;
  PetscCall(MatCreate(PETSC_COMM_WORLD, &a));
  PetscCall(MatSetType(a, MATRIESZ));
  PetscCall(fractional::MatRieszSetOptions(a, options));
  PetscCall(MatSetUp(a));
  KSP ksp;
  PC pc;
  PetscCall(KSPCreate(PETSC_COMM_WORLD, &ksp));
  PetscCall(KSPSetOperators(ksp, a, a));
  PetscCall(KSPSetType(ksp, KSPGMRES));
  PetscCall(KSPSetPCSide(ksp, PC_RIGHT));
  PetscCall(KSPSetTolerances(ksp, 1e-8, 0.0, PETSC_DEFAULT, 200));
  PetscCall(KSPGetPC(ksp, &pc));
  PetscCall(PCSetType(pc, PCTAU));
  PetscCall(KSPSetFromOptions(ksp));
  PetscCall(KSPSetUp(ksp));
  const double set_up = MPI_Wtime();

  Vec b, x, r;
  PetscCall(MatCreateVecs(a, &x, &b));
  PetscCall(VecDuplicate(b, &r));
  PetscInt first, last;
  PetscCall(VecGetOwnershipRange(b, &first, &last));
  for (PetscInt i = first; i < last; ++i) {
    const auto t = static_cast<double>(i + 1);
    PetscCall(VecSetValue(b, i, std::cos(t * t), INSERT_VALUES));
  }
  PetscCall(VecAssemblyBegin(b));
  PetscCall(VecAssemblyEnd(b));
  const double ready = MPI_Wtime();
  PetscCall(KSPSolve(ksp, b, x));
  const double solved = MPI_Wtime();

  PetscInt iterations, unknowns;
  PetscReal residual, size;
  PetscCall(KSPGetIterationNumber(ksp, &iterations));
  PetscCall(MatMult(a, x, r));
  PetscCall(VecAYPX(r, -1.0, b));
  PetscCall(VecNorm(r, NORM_2, &residual));
  PetscCall(VecNorm(b, NORM_2, &size));
  PetscCall(VecGetSize(b, &unknowns));
  const double seconds = set_up - begin + solved - ready;
  const double memory = io::peak_memory_mb(PETSC_COMM_WORLD);
  result = {{"ranks", ranks},
            {"unknowns", unknowns},
            {"degree", options.axis[0].degree},
            {"alpha", options.axis[0].alpha},
            {"iterations", iterations},
            {"relative_residual", residual / size},
            {"setup_seconds", set_up - begin},
            {"solve_seconds", solved - ready},
            {"transform_pair_seconds", pair},
            {"seconds_per_transform_pair", seconds / pair},
            {"peak_memory_mb", memory}};
  PetscCall(PetscPrintf(PETSC_COMM_WORLD, "%s\n", result.dump().c_str()));
  for (Vec* v : {&b, &x, &r}) PetscCall(VecDestroy(v));
  PetscCall(KSPDestroy(&ksp));
  PetscCall(MatDestroy(&a));
  PetscFunctionReturn(PETSC_SUCCESS);
}

} // namespace

int main(int argc, char** argv) {
  fractional::RieszOptions options;
  if (argc < 4) {
    std::fprintf(stderr, "usage: riesz KNOT_SPANS DEGREE ALPHA [PETSc options]\n");
    return 2;
  }
  options.axis[0].spans = std::atoi(argv[1]);
  options.axis[0].degree = std::atoi(argv[2]);
  options.axis[0].alpha = std::atof(argv[3]);
  PetscCall(PetscInitialize(&argc, &argv, nullptr, nullptr));
  PetscCall(LinnetInitialize());
  const PetscErrorCode error = measure(options);
  PetscCall(PetscFinalize());
  return error == PETSC_SUCCESS ? 0 : 1;
}
