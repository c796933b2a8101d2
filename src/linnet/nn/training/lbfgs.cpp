// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/nn/training/lbfgs.hpp>

#include <linnet/core/owned.hpp>
#include <linnet/kernels/allocation.hpp>

#include <petsctao.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <exception>
#include <limits>
#include <memory>
#include <vector>

namespace linnet::nn {

namespace {

struct TaoDeleter {
  void operator()(Tao tao) const { static_cast<void>(TaoDestroy(&tao)); }
};
using OwnedTao = std::unique_ptr<std::remove_pointer_t<Tao>, TaoDeleter>;

struct Evaluation {
  const Objective* objective;
  bool is_first = true;
  std::exception_ptr error; // what the objective threw, kept over PETSc's frames
};

PetscErrorCode evaluate(Tao /*tao*/, Vec x, PetscReal* value, Vec gradient, void* context) {
  auto& evaluation = *static_cast<Evaluation*>(context);
  const PetscScalar* at = nullptr;
  PetscScalar* g = nullptr;
  PetscInt n = 0;
  PetscFunctionBeginUser;
  PetscCall(VecGetSize(x, &n));
  PetscCall(VecGetArrayRead(x, &at));
  PetscCall(VecGetArrayWrite(gradient, &g));
  const auto size = static_cast<std::size_t>(n);
  try {
    *value = (*evaluation.objective)(std::span(at, size), std::span(g, size));
    if (evaluation.is_first && !std::isfinite(*value))
      throw core::Error(core::ExitCode::not_converged,
                        "L-BFGS: the loss at the start is not finite; start from other parameters");
  } catch (...) {
    evaluation.error = std::current_exception();
  }
  evaluation.is_first = false;
  PetscCall(VecRestoreArrayWrite(gradient, &g));
  PetscCall(VecRestoreArrayRead(x, &at));
  // Not through PetscError, which would print: the exception is thrown again behind TAO.
  PetscFunctionReturn(evaluation.error ? PETSC_ERR_LIB : PETSC_SUCCESS);
}

// Lets an exception of the objective pass through TAO without PETSc's traceback.
PetscErrorCode handle_error(MPI_Comm comm, int line, const char* function, const char* file,
                            PetscErrorCode code, PetscErrorType type, const char* message,
                            void* context) {
  if (static_cast<Evaluation*>(context)->error) return code;
  return PetscTraceBackErrorHandler(comm, line, function, file, code, type, message, nullptr);
}

void solve(Tao tao, Evaluation& evaluation) {
  LINNET_CHECK(PetscPushErrorHandler(handle_error, &evaluation));
  const PetscErrorCode code = TaoSolve(tao);
  LINNET_CHECK(PetscPopErrorHandler());
  if (evaluation.error) std::rethrow_exception(evaluation.error);
  core::check(code, "TaoSolve");
}

// TAO hands its quasi-Newton matrix to nobody: what concerns it goes through the options database,
// where the lmvm of PETSc 3.18 looks without the prefix. What the user gave stays; what is put
// there goes away again.
class MatrixDefaults {
public:
  MatrixDefaults(const std::string& prefix, int pairs) {
    set(prefix, "mat_lmvm_hist_size", std::to_string(pairs));
    // The usual multiple of the identity to start from. PETSc's own default, a diagonal, took four
    // times as many evaluations where it was tried, or ended the line search.
    set(prefix, "mat_lmvm_scale_type", "scalar");
  }
  ~MatrixDefaults() {
    for (const std::string& name : names_)
      static_cast<void>(PetscOptionsClearValue(nullptr, name.c_str()));
  }
  MatrixDefaults(const MatrixDefaults&) = delete;
  MatrixDefaults& operator=(const MatrixDefaults&) = delete;
  MatrixDefaults(MatrixDefaults&&) = delete;
  MatrixDefaults& operator=(MatrixDefaults&&) = delete;

private:
  void set(const std::string& prefix, const std::string& name, const std::string& standard) {
    put("-" + prefix + "tao_blmvm_" + name, standard);
    put("-" + prefix + "tao_lmvm_" + name, standard);
    std::array<char, 64> value{};
    LINNET_CHECK(PetscOptionsGetString(nullptr, prefix.c_str(), ("-tao_lmvm_" + name).c_str(),
                                       value.data(), value.size(), nullptr));
    put("-tao_lmvm_" + name, value.data());
  }
  void put(const std::string& name, const std::string& value) {
    PetscBool is_there = PETSC_FALSE;
    LINNET_CHECK(PetscOptionsHasName(nullptr, nullptr, name.c_str(), &is_there));
    if (is_there) return;
    LINNET_CHECK(PetscOptionsSetValue(nullptr, name.c_str(), value.c_str()));
    names_.push_back(name);
  }
  std::vector<std::string> names_;
};

void configure(Tao tao, const LbfgsOptions& options) {
  LINNET_CHECK(TaoSetType(tao, TAOLMVM));
  LINNET_CHECK(TaoSetOptionsPrefix(tao, options.prefix.c_str()));
  LINNET_CHECK(TaoSetTolerances(tao, options.absolute_tolerance, options.relative_tolerance, 0.0));
  LINNET_CHECK(TaoSetMaximumIterations(tao, options.iterations));
  LINNET_CHECK(TaoSetMaximumFunctionEvaluations(tao, std::numeric_limits<PetscInt>::max()));
  const MatrixDefaults matrix(options.prefix, options.pairs);
  LINNET_CHECK(TaoSetFromOptions(tao));
  LINNET_CHECK(TaoSetUp(tao));
}

LbfgsResult result_of(Tao tao) {
  PetscInt iterations = 0;
  PetscReal value = 0.0, norm = 0.0;
  TaoConvergedReason reason = TAO_CONTINUE_ITERATING;
  LINNET_CHECK(TaoGetSolutionStatus(tao, &iterations, &value, &norm, nullptr, nullptr, &reason));
  return {value, norm, static_cast<int>(iterations), reason > 0, TaoConvergedReasons[reason]};
}

template <class T>
auto host_copy(const kernels::Array<T>& array) {
  return Kokkos::create_mirror_view(
      static_cast<const Kokkos::View<T*, kernels::MemorySpace>&>(array));
}

} // namespace

LbfgsResult minimise(const Objective& objective, std::span<double> x, const LbfgsOptions& options) {
  Vec vec = nullptr;
  LINNET_CHECK(
      VecCreateSeqWithArray(PETSC_COMM_SELF, 1, static_cast<PetscInt>(x.size()), x.data(), &vec));
  const core::Owned<Vec> point(vec);
  Tao tao = nullptr;
  LINNET_CHECK(TaoCreate(PETSC_COMM_SELF, &tao));
  const OwnedTao owned(tao);
  Evaluation evaluation{&objective, true, nullptr};
  LINNET_CHECK(TaoSetSolution(tao, vec));
  LINNET_CHECK(TaoSetObjectiveAndGradient(tao, nullptr, evaluate, &evaluation));
  configure(tao, options);
  solve(tao, evaluation);
  return result_of(tao);
}

template <class T>
LbfgsResult minimise(const ParameterObjective<T>& objective, const kernels::Array<T>& parameters,
                     const LbfgsOptions& options) {
  const std::size_t n = parameters.extent(0);
  const kernels::Array<T> gradient = kernels::zeros<T>("linnet::nn::lbfgs", n);
  const auto host_parameters = host_copy(parameters), host_gradient = host_copy(gradient);
  const auto set_parameters = [&](std::span<const double> x) {
    std::transform(x.begin(), x.end(), host_parameters.data(),
                   [](double v) { return static_cast<T>(v); });
    Kokkos::deep_copy(parameters, host_parameters);
  };
  const Objective on_host = [&](std::span<const double> x, std::span<double> g) {
    set_parameters(x);
    const double value = objective(parameters, gradient);
    Kokkos::deep_copy(host_gradient, gradient);
    std::copy_n(host_gradient.data(), n, g.begin());
    return value;
  };
  Kokkos::deep_copy(host_parameters, parameters);
  std::vector<double> x(host_parameters.data(), host_parameters.data() + n);
  const LbfgsResult result = minimise(on_host, std::span<double>(x), options);
  set_parameters(x); // the objective saw points of the line search last
  return result;
}

template LbfgsResult minimise(const ParameterObjective<float>&, const kernels::Array<float>&,
                              const LbfgsOptions&);
template LbfgsResult minimise(const ParameterObjective<double>&, const kernels::Array<double>&,
                              const LbfgsOptions&);

} // namespace linnet::nn
