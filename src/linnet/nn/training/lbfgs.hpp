// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Full-batch L-BFGS: PETSc's TAO on the parameters of a network.
#pragma once

#include <linnet/kernels/compat.hpp>

#include <functional>
#include <span>
#include <string>

namespace linnet::nn {

/// Defaults below the options `-<prefix>tao_*`, such as `-train_tao_type blmvm`,
/// `-train_tao_max_it`, `-train_tao_gatol`, `-train_tao_lmvm_mat_lmvm_hist_size`.
struct LbfgsOptions {
  std::string prefix = "train_";
  int iterations = 1000;
  int pairs = 20;                    ///< of differences that make up the inverse Hessian
  double absolute_tolerance = 1e-8;  ///< of the gradient's norm
  double relative_tolerance = 1e-12; ///< of the gradient's norm over the value
};

struct LbfgsResult {
  double value = 0.0;
  double gradient_norm = 0.0;
  int iterations = 0;
  bool converged = false;
  std::string reason; ///< as PETSc names it: "CONVERGED_GATOL", "DIVERGED_LS_FAILURE", ...
};

/// Value at x; fills the gradient.
using Objective = std::function<double(std::span<const double> x, std::span<double> gradient)>;

/// Minimises from @p x on, which becomes the best point; method TAOLMVM with the line search of
/// More and Thuente unless options say otherwise. A value that is not finite is an Error at the
/// start; later on it ends that line search, and the run after a second attempt along the gradient
/// with DIVERGED_LS_FAILURE at the last good point, while `-train_tao_ls_type armijo` steps back
/// from it. Exceptions of @p objective come out as they are. Every rank runs its own copy: ranks go
/// in step as long as @p objective returns the same bits on all of them, and may then communicate
/// in it.
LbfgsResult minimise(const Objective& objective, std::span<double> x, const LbfgsOptions& options);

/// Value at @p parameters; fills @p gradient, of the same layout, with zeros in its gaps.
template <class T>
using ParameterObjective =
    std::function<double(const kernels::Array<T>& parameters, const kernels::Array<T>& gradient)>;

/// The same for the flat buffer of a network, in TAO in double precision whatever T is.
template <class T>
LbfgsResult minimise(const ParameterObjective<T>& objective, const kernels::Array<T>& parameters,
                     const LbfgsOptions& options);

} // namespace linnet::nn
