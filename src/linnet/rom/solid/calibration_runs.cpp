// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/rom/solid/calibration_runs.hpp>

#include <linnet/core/error.hpp>

#include <algorithm>
#include <cstdio>
#include <optional>

namespace linnet::rom {

namespace {

/// What a model is truncated to.
struct Truncation {
  const char* name;
  double displacement, plastic_strain, cubature;
};
constexpr Truncation truncations[] = {{"", 0.0, 0.0, 0.0},
                                      {", u to 1e-3", 1e-3, 1e-2, 1e-4},
                                      {", u to 1e-4", 1e-4, 3e-3, 1e-4},
                                      {", u to 1e-5", 1e-5, 1e-3, 1e-4}};

/// No tolerance gets tighter than the one asked for.
TrainingOptions truncated(TrainingOptions options, const Truncation& by) {
  options.basis.displacement_tolerance =
      std::max(options.basis.displacement_tolerance, by.displacement);
  options.basis.plastic_strain_tolerance =
      std::max(options.basis.plastic_strain_tolerance, by.plastic_strain);
  options.cubature.tolerance = std::max(options.cubature.tolerance, by.cubature);
  return options;
}

/// What a model learns from, and the loadings it runs over.
struct Case {
  std::string name;
  std::vector<TrainingPart> learnt;
  std::vector<const TrainingLoading*> runs;
};

std::vector<Case> cases_of(std::span<const TrainingLoading> loadings) {
  std::vector<Case> cases;
  Case all{"all loadings", {}, {}};
  for (const TrainingLoading& loading : loadings) {
    all.learnt.emplace_back(loading);
    all.runs.push_back(&loading);
  }
  cases.push_back(std::move(all));
  if (loadings.size() == 1) {
    const TrainingLoading& only = loadings.front();
    if (only.steps() >= 4)
      cases.push_back({"first half of " + only.name, {{only, only.steps() / 2}}, {&only}});
    return cases;
  }
  for (std::size_t j = 0; j < loadings.size(); ++j) {
    Case without{"without " + loadings[j].name, {}, {&loadings[j]}};
    for (std::size_t i = 0; i < loadings.size(); ++i)
      if (i != j) without.learnt.emplace_back(loadings[i]);
    without.runs.push_back(&loadings[(j + 1) % loadings.size()]);
    cases.push_back(std::move(without));
  }
  return cases;
}

class Collector {
public:
  Collector(const fem::SolidModel& model, const SolidProducts& products,
            const CalibrationRunOptions& options,
            const std::function<void(const std::string&)>& note)
      : model_(model), products_(products), options_(options), note_(note) {}

  void collect(const Case& from, const Truncation& truncation) {
    const std::optional<SolidReducedModel> model = learn(from, truncation);
    if (!model) return;
    ++result_.models;
    for (const TrainingLoading* loading : from.runs)
      run(*model, from.name + truncation.name, *loading);
  }

  CalibrationRuns take() { return std::move(result_); }

private:
  /// A truncated model that cannot be made is none that anybody would use. All ranks fail alike.
  std::optional<SolidReducedModel> learn(const Case& from, const Truncation& truncation) {
    try {
      return train_reduced_model(model_, products_, from.learnt,
                                 truncated(options_.training, truncation));
    } catch (const core::Error& error) {
      if (error.code() == core::ExitCode::internal) throw;
      tell(from.name + truncation.name + ": no model (" + error.what() + ")");
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
  for (const Case& from : cases_of(loadings))
    for (const Truncation& truncation : truncations) collector.collect(from, truncation);
  return collector.take();
}

} // namespace linnet::rom
