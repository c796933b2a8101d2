// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/rom/solid/calibration_runs.hpp>

#include <linnet/core/error.hpp>

#include <algorithm>
#include <cstdio>
#include <optional>

namespace linnet::rom {

namespace {

/// Parts of a loading's steps that a model has seen of it before it runs over all of them.
constexpr double parts_seen[] = {0.2, 0.3, 0.4, 0.5, 0.6, 0.7};

/// What a model learns from, and the loadings it runs over.
struct Case {
  std::string name;
  std::vector<TrainingPart> learnt;
  std::vector<const TrainingLoading*> runs;
};

/// The first steps of a loading: at least one, not all.
std::optional<TrainingPart> first_part(const TrainingLoading& loading, double part) {
  const int steps = static_cast<int>(part * loading.steps());
  if (steps < 1 || steps >= loading.steps()) return std::nullopt;
  return TrainingPart(loading, steps);
}

std::vector<TrainingPart> others(std::span<const TrainingLoading> loadings, std::size_t without) {
  std::vector<TrainingPart> parts;
  for (std::size_t i = 0; i < loadings.size(); ++i)
    if (i != without) parts.emplace_back(loadings[i]);
  return parts;
}

std::vector<Case> cases_of(std::span<const TrainingLoading> loadings) {
  std::vector<Case> cases;
  Case all{"all loadings", others(loadings, loadings.size()), {}};
  for (const TrainingLoading& loading : loadings) all.runs.push_back(&loading);
  cases.push_back(std::move(all));
  for (std::size_t j = 0; j < loadings.size(); ++j) {
    const TrainingLoading& left_out = loadings[j];
    if (loadings.size() > 1)
      cases.push_back({"without " + left_out.name, others(loadings, j), {&left_out}});
    int seen = 0;
    for (const double fraction : parts_seen) {
      const auto part = first_part(left_out, fraction);
      if (!part || part->steps == seen) continue;
      seen = part->steps;
      Case learnt{
          std::to_string(seen) + " steps of " + left_out.name, others(loadings, j), {&left_out}};
      learnt.learnt.push_back(*part);
      cases.push_back(std::move(learnt));
    }
  }
  return cases;
}

class Collector {
public:
  Collector(const fem::SolidModel& model, const SolidProducts& products,
            const CalibrationRunOptions& options,
            const std::function<void(const std::string&)>& note)
      : model_(model), products_(products), options_(options), note_(note) {}

  void collect(const Case& from) {
    const std::optional<SolidReducedModel> model = learn(from);
    if (!model) return;
    ++result_.models;
    for (const TrainingLoading* loading : from.runs) run(*model, from.name, *loading);
  }

  CalibrationRuns take() { return std::move(result_); }

private:
  /// A model that cannot be made is none that anybody would use. All ranks fail alike.
  std::optional<SolidReducedModel> learn(const Case& from) {
    try {
      return train_reduced_model(model_, products_, from.learnt, options_.training);
    } catch (const core::Error& error) {
      if (error.code() == core::ExitCode::internal) throw;
      tell(from.name + ": no model (" + error.what() + ")");
      return std::nullopt;
    }
  }

  void run(const SolidReducedModel& model, const std::string& name,
           const TrainingLoading& loading) {
    OnlineHistory history;
    history.steps.emplace_back();
    bool failed = false;
    try {
      run_reduced(model, QuadratureKind::ecm, loading.loading, loading.lifts, options_.newton,
                  [&](int, const OnlineStep& end) { history.steps.push_back(end); });
    } catch (const core::Error& error) {
      if (error.code() != core::ExitCode::not_converged) throw;
      failed = true;
    }
    ++result_.runs;
    if (failed) ++result_.failed;
    add_pairs(model, name, loading, history);
  }

  void add_pairs(const SolidReducedModel& model, const std::string& name,
                 const TrainingLoading& loading, const OnlineHistory& history) {
    const PlasticStrainErrors errors = plastic_strain_errors(model, history, loading);
    double most = 0.0;
    for (std::size_t k = 0; k < errors.errors.size(); ++k) {
      if (!errors.flows[k]) continue;
      result_.pairs.push_back({history.steps[k + 1].indicator, errors.errors[k]});
      most = std::max(most, errors.errors[k]);
    }
    char text[160];
    static_cast<void>(std::snprintf(
        text, sizeof text, "%d modes of u, %d of p, %zu points, max I %.2e, max E_p %.2e",
        static_cast<int>(model.basis().displacement().size()),
        static_cast<int>(model.basis().plastic_strain().size()), model.points().points.size(),
        history.largest_indicator(), most));
    tell(name + ", run on " + loading.name + ": " + text);
  }

  void tell(const std::string& line) const {
    if (note_) note_(line);
  }

  const fem::SolidModel& model_;
  const SolidProducts& products_;
  const CalibrationRunOptions& options_;
  const std::function<void(const std::string&)>& note_;
  CalibrationRuns result_;
};

} // namespace

CalibrationRuns calibration_runs(const fem::SolidModel& model, const SolidProducts& products,
                                 std::span<const TrainingLoading> loadings,
                                 const CalibrationRunOptions& options,
                                 const std::function<void(const std::string&)>& note) {
  Collector collector(model, products, options, note);
  for (const Case& from : cases_of(loadings)) collector.collect(from);
  return collector.take();
}

} // namespace linnet::rom
