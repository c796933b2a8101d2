// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// A network between sweeps of a relaxation (hybrid iterative numerical transferable solver, HINTS;
/// Zhang et al., Nat. Mach. Intell. 6 (2024), arXiv 2208.13273), with a guard on the network.
///
/// From z = 0: m sweeps z += S (r - A z); one step z += alpha d of the network's d = N(r - A z),
/// with the alpha that minimises |r - A z - alpha A d|; m sweeps. Relaxation takes the rough part
/// of the error, the network what is left of the smooth one. The step is taken only if it leaves at
/// most 0.95 of the residual, which nothing that is not finite, zero or noise does; otherwise z
/// stays. After three refusals in a row the network is left out until the next set-up.
///
/// Without sweeps around it, z = alpha d for d = N(r), on the same terms and where three such steps
/// leave no more than two of the relaxation, z = S r, would; else z = S r. Where S leaves more than
/// 0.95, too, the network may as well. A step alone says little where the method combines it with
/// those before it (fgmres applies N to vectors that are no residuals at all), so that the method's
/// own residual has the last word: while the network takes a decade off it in ten applications, and
/// two thirds of what S does alone, anything finite is taken; where its last two took less than
/// those two thirds, nothing is. Where ten applications take less than a decade, a phase of S r is
/// tried (krylov/phase_trial.hpp), and the faster one goes on.
#pragma once

#include <linnet/core/owned.hpp>
#include <linnet/krylov/phase_trial.hpp>
#include <linnet/linalg/relaxation_pc.hpp>

#include <petscpc.h>

#include <functional>

namespace linnet::krylov {

struct HintsStatistics {
  PetscInt applications = 0;
  PetscInt accepted = 0, rejected = 0; ///< steps of the network
  PetscInt left_at = 0; ///< the application after which it was left out; 0: it is in use
};

/// All functions are collective on the outer PC.
class HintsCycle {
public:
  /// d = N(r) for a residual of 2-norm @p norm, neither zero nor infinite.
  using Correction = std::function<PetscErrorCode(Vec r, PetscReal norm, Vec d)>;

  /// Takes @p correction for the network.
  explicit HintsCycle(Correction correction) : correction_(std::move(correction)) {}

  /// The PC of the user, with the prefix of the outer one and "neural_smoother_".
  linalg::RelaxationPc& relaxation() { return relaxation_; }
  /// For the matrix @p A with the preconditioning matrix @p P: @p sweeps before and after the
  /// network, at least one, each damped by @p damping. 0: Jacobi by 1.4 over the largest sum of
  /// |a_ij| / |a_ii| in a row, others not. The network is in use again.
  PetscErrorCode set_up(PC outer, Mat A, Mat P, PetscInt sweeps, PetscReal damping);
  /// z from r alone, whatever it held. Allocates nothing.
  PetscErrorCode apply(Vec r, Vec z);
  /// The network without sweeps around it, after a set-up with one sweep. @p residual: of the
  /// Krylov method before this application; 0: unknown, and nothing is tried.
  PetscErrorCode apply_alone(Vec r, PetscReal residual, Vec z);
  /// Another solve begins, whose residual has nothing to do with the one before. Without @p scaled,
  /// for methods that find the length of a step, apply_alone() gives d in place of alpha d: it is
  /// more nearly linear.
  void begin_solve(bool scaled) {
    trial_.begin_solve();
    scaled_ = scaled;
  }
  PetscErrorCode reset();

  [[nodiscard]] const HintsStatistics& statistics() const { return statistics_; }
  /// Of a sweep; 0 before set-up.
  [[nodiscard]] double damping() const { return damping_; }

private:
  PetscErrorCode find_damping(PetscReal wanted);
  PetscErrorCode relax(Vec r, Vec z, PetscInt sweeps, bool from_zero);
  PetscErrorCode correct(Vec r, Vec z);
  PetscErrorCode judge(bool good);
  PetscErrorCode leave_out();
  PetscErrorCode try_alone(Vec r, Vec z);

  Correction correction_;
  linalg::RelaxationPc relaxation_{"neural_smoother_"};
  Mat a_ = nullptr; ///< of the outer PC
  PetscInt sweeps_ = 0;
  double damping_ = 0.0;
  bool richardson_ = false; ///< the relaxation repeats itself without residuals of ours
  bool by_network_ = false; ///< the last application without sweeps was the network's
  bool scaled_ = true;      ///< steps without sweeps have the length that leaves least
  int in_a_row_ = 0;        ///< refusals
  PhaseTrial trial_;        ///< of the network without sweeps
  HintsStatistics statistics_;
  core::Owned<Vec> rest_, step_, image_;
};

} // namespace linnet::krylov
