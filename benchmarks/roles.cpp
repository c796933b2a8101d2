// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Solves of random problems by the Krylov method and preconditioner of PETSc's options, for any
/// role that something learned may have in them.
///   build/benchmarks/roles -kind lognormal -cells 64 -first 1000000 -count 4 -ksp_type fgmres ...
///
/// -kind: `lognormal` and `inclusions`, the (cells - 1)^2 inner nodes of the unit square
/// (problems/samples/random_diffusion.hpp, seed 1, numbers beyond those of training; the matrix
/// carries the coefficient); `tank`, cells^3 of water around 24 obstacles
/// (problems/samples/tank.hpp). -deviation and -contrast: of the coefficient. -spoil
/// coefficient|source: one value is not a number. -bilinear n: the hats of a coarse grid, n in
/// every direction, as vectors of `basis`. -vectors pod|trunk|sine|file|bilinear with
/// -vectors_file: vectors for PCDEFLATION
/// (-pc_type deflation), or the first -near_null_space k of them for the matrix.
/// -earlier n: so many problems, those before the first one, are solved before by the same solver.
/// -write_solutions FILE.h5: all solutions, as vectors for `-pc_basis_type file`.
/// Prints JSON: iterations, seconds of the processor, true residuals, why solves ended, counts of
/// `neural`.
#include "solve_vectors.hpp"

#include <linnet/coarse/pc_basis.hpp>
#include <linnet/core/kokkos_session.hpp>
#include <linnet/io/model_file.hpp>
#include <linnet/io/vec_array.hpp>
#include <linnet/krylov/guess_operator.hpp>
#include <linnet/krylov/pc_neural.hpp>
#include <linnet/problems/samples/random_diffusion.hpp>
#include <linnet/problems/samples/tank.hpp>
#include <linnet/registry/register.hpp>

#include <nlohmann/json.hpp>

#include <cmath>
#include <cstdio>
#include <ctime>
#include <memory>

namespace {

using namespace linnet;
using benchmark::integer_option;
using benchmark::text_option;
using core::Owned;

double real_option(const char* name, double standard) {
  LINNET_CHECK(PetscOptionsGetReal(nullptr, nullptr, name, &standard, nullptr));
  return standard;
}

bool flag_option(const char* name) {
  PetscBool flag = PETSC_FALSE;
  LINNET_CHECK(PetscOptionsGetBool(nullptr, nullptr, name, &flag, nullptr));
  return flag == PETSC_TRUE;
}

/// Of this process: what other programs do meanwhile does not count.
double processor_seconds() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

Owned<Vec> like(Vec v) {
  Vec w = nullptr;
  LINNET_CHECK(VecDuplicate(v, &w));
  return Owned<Vec>(w);
}

struct Problem {
  Owned<Mat> matrix;
  Owned<Vec> b;
  DM grid = nullptr; ///< of the family
};

class Family {
public:
  Family() = default;
  Family(const Family&) = delete;
  Family& operator=(const Family&) = delete;
  virtual ~Family() = default;
  virtual Problem make(std::uint64_t number) = 0;
};

/// Sparse, where nothing asks for a stencil.
Owned<Mat> copy_of(Mat stencil) {
  Mat a = nullptr;
  if (flag_option("-stencil"))
    LINNET_CHECK(MatDuplicate(stencil, MAT_COPY_VALUES, &a));
  else
    LINNET_CHECK(MatConvert(stencil, MATAIJ, MAT_INITIAL_MATRIX, &a));
  return Owned<Mat>(a);
}

class Square final : public Family {
public:
  explicit Square(problems::DiffusionKind kind) : options_(options_of(kind)), problem_(options_) {}

  Problem make(std::uint64_t number) override {
    const int n = options_.nodes;
    const std::vector<double> all = problem_.coefficient(number);
    problem_.assemble(number);
    Problem p{copy_of(problem_.solver().matrix()), like(problem_.solver().right_hand_side()),
              problem_.solver().grid()};
    LINNET_CHECK(VecCopy(problem_.solver().right_hand_side(), p.b.get()));
    const Owned<Vec> coefficient = like(p.b.get());
    {
      const io::VecWriteArray k(coefficient.get());
      for (int j = 1; j < n - 1; ++j)
        for (int i = 1; i < n - 1; ++i)
          k.data()[i - 1 + (n - 2) * (j - 1)] = all[static_cast<std::size_t>(i + n * j)];
    }
    LINNET_CHECK(PetscObjectCompose(reinterpret_cast<PetscObject>(p.matrix.get()),
                                    krylov::coefficient_key,
                                    reinterpret_cast<PetscObject>(coefficient.get())));
    spoil(p, coefficient.get());
    return p;
  }

private:
  static problems::RandomDiffusionOptions options_of(problems::DiffusionKind kind) {
    problems::RandomDiffusionOptions o;
    o.kind = kind;
    o.nodes = static_cast<int>(integer_option("-cells", 32)) + 1;
    o.seed = 1;
    o.deviation = real_option("-deviation", o.deviation);
    o.contrast = real_option("-contrast", o.contrast);
    if (kind == problems::DiffusionKind::inclusions) o.source_length = 0.2;
    return o;
  }
  /// A value in the middle, of the coefficient and the row that it makes, or of b.
  static void spoil(const Problem& p, Vec coefficient) {
    const std::string what = text_option("-spoil", "nothing");
    PetscInt rows = 0;
    LINNET_CHECK(VecGetSize(p.b.get(), &rows));
    const PetscInt row = rows / 2;
    const double nan = std::nan("");
    const auto set = [&](Vec v) {
      LINNET_CHECK(VecSetValue(v, row, nan, INSERT_VALUES));
      LINNET_CHECK(VecAssemblyBegin(v));
      LINNET_CHECK(VecAssemblyEnd(v));
    };
    if (what == "source") set(p.b.get());
    if (what != "coefficient") return;
    set(coefficient);
    LINNET_CHECK(MatSetValue(p.matrix.get(), row, row, nan, INSERT_VALUES));
    LINNET_CHECK(MatAssemblyBegin(p.matrix.get(), MAT_FINAL_ASSEMBLY));
    LINNET_CHECK(MatAssemblyEnd(p.matrix.get(), MAT_FINAL_ASSEMBLY));
  }

  problems::RandomDiffusionOptions options_;
  problems::RandomDiffusion problem_;
};

/// A new one for every number.
class Tanks final : public Family {
public:
  Problem make(std::uint64_t number) override {
    problems::TankOptions options;
    const auto n = static_cast<int>(integer_option("-cells", 32));
    options.cells.cells = {n, n, n};
    options.obstacles = problems::parse_obstacles(
        text_option("-obstacles", "random_spheres:12,0.03,0.12; random_boxes:12,0.02,0.12"), 3);
    options.most_air = 3;
    tank_ = std::make_unique<problems::Tank>(PETSC_COMM_SELF, options, number,
                                             flag_option("-stencil") ? "stencil" : MATAIJ);
    LINNET_CHECK(PetscObjectReference(reinterpret_cast<PetscObject>(tank_->matrix())));
    Problem p{Owned<Mat>(tank_->matrix()), nullptr, tank_->grid()};
    Vec b = nullptr;
    LINNET_CHECK(DMCreateGlobalVector(p.grid, &b));
    p.b.reset(b);
    tank_->fill_right_hand_side(number, b);
    return p;
  }

private:
  std::unique_ptr<problems::Tank> tank_;
};

std::unique_ptr<Family> family() {
  const std::string kind = text_option("-kind", "lognormal");
  if (kind == "lognormal") return std::make_unique<Square>(problems::DiffusionKind::lognormal);
  if (kind == "inclusions") return std::make_unique<Square>(problems::DiffusionKind::inclusions);
  if (kind == "tank") return std::make_unique<Tanks>();
  core::throw_usage("-kind: must be lognormal, inclusions or tank, got " + kind);
}

struct Result {
  nlohmann::json json;
  std::vector<double> solutions;
  PetscInt rows = 0;
};

class Solver {
public:
  Solver() {
    KSP ksp = nullptr;
    LINNET_CHECK(KSPCreate(PETSC_COMM_SELF, &ksp));
    ksp_.reset(ksp);
    LINNET_CHECK(KSPSetType(ksp, KSPCG));
    LINNET_CHECK(KSPSetNormType(ksp, KSP_NORM_UNPRECONDITIONED));
    LINNET_CHECK(KSPSetTolerances(ksp, 1e-8, 1e-300, PETSC_DEFAULT, 5000));
  }
  void solve(const Problem& p, Result* result) {
    PC pc = nullptr;
    LINNET_CHECK(MatSetOption(p.matrix.get(), MAT_SPD, PETSC_TRUE));
    LINNET_CHECK(KSPSetOperators(ksp_.get(), p.matrix.get(), p.matrix.get()));
    LINNET_CHECK(KSPGetPC(ksp_.get(), &pc));
    LINNET_CHECK(PCSetDM(pc, p.grid));
    LINNET_CHECK(KSPSetFromOptions(ksp_.get()));
    if (integer_option("-bilinear", 0) > 0)
      LINNET_CHECK(coarse::PCBasisSetVectors(pc, benchmark::hats(p.matrix.get(), p.grid).get()));
    const Owned<Vec> x = like(p.b.get()), r = like(p.b.get());
    const double start = processor_seconds();
    benchmark::give_vectors(p.matrix.get(), p.grid, pc);
    LINNET_CHECK(KSPSetUp(ksp_.get()));
    const double ready = processor_seconds();
    LINNET_CHECK(KSPSolve(ksp_.get(), p.b.get(), x.get()));
    const double end = processor_seconds();
    if (result) record(p, x.get(), r.get(), {ready - start, end - ready}, pc, *result);
  }

private:
  void record(const Problem& p, Vec x, Vec r, std::pair<double, double> seconds, PC pc,
              Result& result) const {
    PetscInt iterations = 0;
    KSPConvergedReason reason = KSP_CONVERGED_ITERATING;
    PetscReal left = 0.0, size = 0.0;
    LINNET_CHECK(KSPGetIterationNumber(ksp_.get(), &iterations));
    LINNET_CHECK(KSPGetConvergedReason(ksp_.get(), &reason));
    LINNET_CHECK(MatMult(p.matrix.get(), x, r));
    LINNET_CHECK(VecAYPX(r, -1.0, p.b.get()));
    LINNET_CHECK(VecNorm(r, NORM_2, &left));
    LINNET_CHECK(VecNorm(p.b.get(), NORM_2, &size));
    nlohmann::json& json = result.json;
    json["iterations"].push_back(static_cast<long>(iterations));
    json["reasons"].push_back(KSPConvergedReasons[reason]);
    json["residuals"].push_back(left / size);
    json["setup_seconds"].push_back(seconds.first);
    json["solve_seconds"].push_back(seconds.second);
    LINNET_CHECK(VecGetSize(x, &result.rows));
    const io::VecReadArray values(x);
    result.solutions.insert(result.solutions.end(), values.data(), values.data() + result.rows);
    PetscBool neural = PETSC_FALSE;
    LINNET_CHECK(PetscObjectTypeCompare(reinterpret_cast<PetscObject>(pc), PCNEURAL, &neural));
    if (!neural) return;
    krylov::NeuralInfo info;
    LINNET_CHECK(krylov::PCNeuralGetInfo(pc, &info));
    json["accepted"].push_back(static_cast<long>(info.accepted));
    json["rejected"].push_back(static_cast<long>(info.rejected));
  }

  Owned<KSP> ksp_;
};

/// As /basis/phi, (solution, row).
void write_solutions(const std::string& path, const Result& result) {
  io::ModelFile file;
  file.graph = "{}";
  const auto rows = static_cast<std::int64_t>(result.rows);
  file.basis["phi"] = {
      {static_cast<std::int64_t>(result.solutions.size()) / rows, rows}, result.solutions, "basis"};
  io::write_model(PETSC_COMM_SELF, path, file);
}

nlohmann::json run() {
  const auto source = family();
  const auto first = integer_option("-first", 1000000), count = integer_option("-count", 4),
             earlier = integer_option("-earlier", 0);
  Result result;
  std::unique_ptr<Solver> solver;
  for (PetscInt k = -earlier; k < count; ++k) {
    if (!solver || earlier == 0) solver = std::make_unique<Solver>();
    solver->solve(source->make(static_cast<std::uint64_t>(first + k)), k < 0 ? nullptr : &result);
  }
  const std::string path = text_option("-write_solutions", "");
  if (!path.empty()) write_solutions(path, result);
  return result.json;
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
    std::fprintf(stderr, "roles: %s\n", error.what());
    code = 1;
  }
  return PetscFinalize() ? 1 : code;
}
