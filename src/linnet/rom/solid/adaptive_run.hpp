// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// A reduced run that asks the mesh where it is not trusted, and learns from the answer (after
/// Casenave and Akkari, Math. Comput. Appl. 24 (2019) 41, whose indicator it uses; calibration,
/// replay and enrichment are described here).
///
/// Each step is first solved by the reduced model. Where the estimate of its error (rom/solid/
/// indicator.hpp) passes the target, plastic strain has grown beyond what the mesh has shown, or
/// the reduced Newton's method fails or needs parts of the step, it is thrown away and
///   1. the state of all points of the mesh at the begin of the step is rebuilt by the law, along
///      the reduced displacements since the last step on the mesh (rom/solid/replay.hpp),
///   2. the step is solved on the mesh, with the reduced solution as first guess,
///   3. the model learns its end (rom/solid/enrichment.hpp),
///   4. the reduced run goes on from it: gamma = Psi^T M u, the state at the points is that of the
///      mesh. Both are exact there, and only there: what the reduced steps before did to the
///      history stays.
/// Between two steps on the mesh nothing of the mesh's size is touched.
///
/// Whether to ask the mesh is decided from numbers that all ranks have alike, and agreed on.
#pragma once

#include <linnet/fem/solid_solver.hpp>
#include <linnet/rom/solid/adaptive_options.hpp>
#include <linnet/rom/solid/enrichment.hpp>
#include <linnet/rom/solid/high_fidelity_call.hpp>
#include <linnet/rom/solid/reduced_run.hpp>

#include <optional>
#include <string>
#include <vector>

namespace linnet::rom {

/// What a run needs beside its model. Everything is borrowed.
struct AdaptiveProblem {
  fem::SolidSolver& solver;            ///< of basis().model(), whose committed state is the run's
  const fem::Loading& loading;         ///< as the mesh sees it
  const DecomposedLoading& decomposed; ///< the same at the times of the steps
  const linalg::ColumnStore& lifts;    ///< of decomposed.held()
};

/// Between two steps: all that is needed to go on, besides the model and the state of the mesh.
struct AdaptiveState {
  OnlineHistory history; ///< entry 0 is the begin
  AdaptiveCosts costs;
  int mesh_step = 0;      ///< the step at whose end the state of the mesh is
  bool insisting = false; ///< steps go to the mesh until the lower target is met
  std::vector<double> coefficients, point_state; ///< of the reduced solid
};

class AdaptiveRun {
public:
  /// References all arguments but the options; start() or resume() follows. @p model must be of the
  /// solver's solid. Collective; @throws core::Error (usage) as check().
  AdaptiveRun(SolidReducedModel& model, const AdaptiveProblem& problem,
              const AdaptiveOptions& options);

  /// The zero state, and the pre-enrichment if it is wanted. Collective; @throws core::Error as
  /// pre_enrich().
  void start();
  /// Goes on from a state() of before, with the model and the solid's committed state of then: with
  /// the same bits on the same number of ranks. Collective. @throws core::Error (data) for a state
  /// that does not fit.
  void resume(AdaptiveState state);

  /// The next step; the end of it is history().steps.back(). Collective. @throws core::Error on all
  /// ranks: (not_converged) where the step on the mesh fails or the calls are spent. Then this is
  /// what it was before the step, but for replayed history, and state() can be saved. The same
  /// where the cubature cannot reach its tolerance with what was learnt.
  const OnlineStep& advance();

  [[nodiscard]] int done() const { return static_cast<int>(state_.history.steps.size()) - 1; }
  [[nodiscard]] int steps() const { return problem_.decomposed.steps(); }
  [[nodiscard]] const OnlineHistory& history() const { return state_.history; }
  [[nodiscard]] const AdaptiveCosts& costs() const { return state_.costs; }
  [[nodiscard]] const SolidReducedModel& model() const { return *model_; }
  [[nodiscard]] const AdaptiveOptions& options() const { return options_; }
  [[nodiscard]] AdaptiveState state() const;

private:
  struct Prediction;
  Prediction predict(int step);
  [[nodiscard]] bool outgrown(const OnlineStep& end) const;
  [[nodiscard]] CallReason reason_to_call(const Prediction& prediction) const;
  void accept(Prediction&& prediction);
  void call_mesh(int step, CallReason reason, const Prediction& prediction);
  void require_calls(int step, CallReason reason, const Prediction& prediction) const;
  void replay_to(int step, HighFidelityCall& call);
  void solve_on_mesh(const Prediction& prediction, Vec u, HighFidelityCall& call);
  Enrichment enrich_or_keep(Vec u);
  void learn(int step, Vec u, HighFidelityCall& call);
  void rebuild_reduced();
  [[nodiscard]] std::vector<double> at_model_points(std::vector<double> values,
                                                    int components) const;
  [[nodiscard]] std::vector<double> mesh_state_at_points() const;
  [[nodiscard]] core::Owned<Vec> displacement(std::span<const double> gamma, int step) const;
  [[nodiscard]] double time(int step) const;
  [[nodiscard]] fem::SolidModel& solid() const { return problem_.solver.model(); }

  SolidReducedModel* model_;
  AdaptiveProblem problem_;
  AdaptiveOptions options_;
  std::optional<ReducedLoading> loads_;
  std::optional<ReducedSolid> reduced_;
  AdaptiveState state_; ///< without what reduced_ holds
};

} // namespace linnet::rom
