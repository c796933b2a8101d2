// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/rom/solid/comparison.hpp>

#include <linnet/core/error.hpp>
#include <linnet/fem/support/vec_views.hpp>
#include <linnet/io/vec_array.hpp>
#include <linnet/linalg/dense_columns.hpp>
#include <linnet/rom/solid/point_vector.hpp>

#include <algorithm>
#include <cmath>
#include <memory>
#include <optional>
#include <sstream>

namespace linnet::rom {

namespace {

struct Norms {
  double error, size;
};

/// Field without reduction and its difference from the reduced one.
Norms norms_of(MPI_Comm comm, const linalg::InnerProduct& product, std::span<const double> truth,
               std::span<const double> reduced) {
  return {linalg::norm(product, difference_of(comm, truth, reduced).get()),
          linalg::norm(product, vector_of(comm, truth).get())};
}

Norms displacement_norms(const Reconstruction& fields, const linalg::InnerProduct& mass,
                         const OnlineStep& step, std::size_t index, Vec truth) {
  Vec raw = nullptr;
  LINNET_CHECK(VecDuplicate(truth, &raw));
  const core::Owned<Vec> difference(raw);
  fields.displacement(step, index, raw);
  LINNET_CHECK(VecAYPX(raw, -1.0, truth));
  return {linalg::norm(mass, raw), linalg::norm(mass, truth)};
}

void divide_by_largest(std::vector<double>& errors, const std::vector<double>& sizes) {
  const double most = sizes.empty() ? 0.0 : *std::max_element(sizes.begin(), sizes.end());
  for (double& error : errors) error = most > 0.0 ? error / most : 0.0;
}

std::vector<double> times_of(const OnlineHistory& history) {
  std::vector<double> times;
  for (const OnlineStep& step : history.steps) times.push_back(step.time);
  return times;
}

/// Fields of @p terms at the time @p index, summed.
std::vector<double> field_at(const LoadTerms& terms, std::size_t index) {
  std::vector<double> sum(static_cast<std::size_t>(terms.fields.local_rows()), 0.0);
  for (int k = 0; k < terms.terms(); ++k) {
    const double factor = terms.at(index)[static_cast<std::size_t>(k)];
    const auto column = terms.fields.column(k);
    for (std::size_t i = 0; i < sum.size(); ++i) sum[i] += factor * column[i];
  }
  return sum;
}

/// The first of @p times at which the fields differ.
std::optional<std::size_t> first_difference(MPI_Comm comm, std::size_t times,
                                            const LoadTerms& terms, const LoadTerms& recorded) {
  std::vector<double> largest(2 * times, 0.0); // differences, then sizes
  for (std::size_t index = 0; index < times; ++index) {
    const std::vector<double> a = field_at(terms, index), b = field_at(recorded, index);
    for (std::size_t i = 0; i < a.size(); ++i) {
      largest[index] = std::max(largest[index], std::abs(a[i] - b[i]));
      largest[times + index] = std::max({largest[times + index], std::abs(a[i]), std::abs(b[i])});
    }
  }
  MPI_Allreduce(MPI_IN_PLACE, largest.data(), static_cast<int>(largest.size()), MPI_DOUBLE, MPI_MAX,
                comm);
  const auto sizes = largest.begin() + static_cast<std::ptrdiff_t>(times);
  const double size = *std::max_element(sizes, largest.end());
  for (std::size_t index = 0; index < times; ++index)
    if (largest[index] > 1e-9 * size) return index;
  return std::nullopt;
}

} // namespace

void require_loading(const DecomposedLoading& loading, const DecomposedLoading& recorded) {
  const MPI_Comm comm = loading.force().fields.comm();
  const auto require = [&](const char* what, const LoadTerms& mine, const LoadTerms& other) {
    const auto at = first_difference(comm, loading.times().size(), mine, other);
    if (!at) return;
    std::ostringstream text;
    text << "was recorded under another loading: " << what
         << " differ at t = " << loading.times()[*at] << "; record it with the same deck";
    core::throw_data(text.str());
  };
  require("temperatures", loading.temperature(), recorded.temperature());
  require("forces", loading.force(), recorded.force());
  require("prescribed displacements", loading.held(), recorded.held());
}

void require_times(const std::vector<double>& times, const std::vector<double>& recorded) {
  const std::size_t n = times.size();
  bool same = n <= recorded.size();
  for (std::size_t k = 0; same && k < n; ++k)
    same = std::abs(times[k] - recorded[k]) <=
           1e-9 * std::max(std::abs(recorded.back()), std::abs(recorded.front()));
  if (!same)
    core::throw_data("the steps to compare with end at other times than those of the reduced run: "
                     "record them with the same deck");
}

double SolidErrors::largest(const std::vector<double>& times, const std::vector<double>& errors,
                            double after) {
  double most = 0.0;
  for (std::size_t k = 0; k < errors.size(); ++k)
    if (times[k] > after) most = std::max(most, errors[k]);
  return most;
}

double SolidErrors::largest_displacement(double after) const {
  return largest(times, displacement, after);
}
double SolidErrors::largest_plastic_strain(double after) const {
  return largest(times, plastic_strain, after);
}
double SolidErrors::largest_stress(double after) const { return largest(times, stress, after); }

StateSource states_of(const SnapshotFile& file) {
  return [&file](int step) { return file.state(step); };
}

StateSource states_of(const TrainingLoading& loading, const fem::SolidModel& model) {
  return [&loading, &model](int step) {
    SolidState state{fem::global_vector(model.mesh().dm()), {}, {}};
    const auto u = loading.displacement.column(step - 1),
               p = loading.plastic_strain.column(step - 1), s = loading.stress.column(step - 1);
    std::copy(u.begin(), u.end(), io::VecWriteArray(state.displacement.get()).data());
    state.plastic_strain.assign(p.begin(), p.end());
    state.stress.assign(s.begin(), s.end());
    return state;
  };
}

SolidErrors compare(const Reconstruction& fields, const SolidReducedModel& model,
                    const OnlineHistory& history, const std::vector<double>& times,
                    const StateSource& truth) {
  require_times(times_of(history), times);
  const fem::SolidModel& solid = model.basis().model();
  const SolidProducts& products = model.basis().products();
  const MPI_Comm comm = solid.mesh().comm();
  const auto points = static_cast<std::size_t>(solid.points());
  std::vector<double> p(points), stress(6 * points), u_sizes, stress_sizes;
  SolidErrors errors;
  for (std::size_t k = 1; k < history.steps.size(); ++k) {
    const OnlineStep& step = history.steps[k];
    const SolidState state = truth(static_cast<int>(k));
    const Norms u = displacement_norms(fields, products.mass(), step, k, state.displacement.get());
    fields.plastic_strain(step, p);
    const Norms plastic = norms_of(comm, products.points(), state.plastic_strain, p);
    fields.stress(step, stress);
    const Norms tensor = norms_of(comm, products.tensors(), state.stress, stress);
    const bool flows = plastic.size >= no_plastic_strain * std::sqrt(products.volume());
    errors.times.push_back(step.time);
    errors.displacement.push_back(u.error);
    errors.plastic_strain.push_back(flows ? plastic.error / plastic.size : 0.0);
    errors.stress.push_back(tensor.error);
    errors.flows.push_back(flows);
    u_sizes.push_back(u.size);
    stress_sizes.push_back(tensor.size);
  }
  divide_by_largest(errors.displacement, u_sizes);
  divide_by_largest(errors.stress, stress_sizes);
  return errors;
}

PlasticStrainErrors plastic_strain_errors(const SolidReducedModel& model,
                                          const OnlineHistory& history,
                                          const TrainingLoading& truth) {
  const SolidProducts& products = model.basis().products();
  const Reconstruction fields(model, truth.loading, truth.lifts);
  std::vector<double> p(static_cast<std::size_t>(model.basis().model().points()));
  PlasticStrainErrors errors;
  for (std::size_t k = 1; k < history.steps.size(); ++k) {
    fields.plastic_strain(history.steps[k], p);
    const Norms norms = norms_of(model.basis().model().mesh().comm(), products.points(),
                                 truth.plastic_strain.column(static_cast<PetscInt>(k) - 1), p);
    const bool flows = norms.size >= no_plastic_strain * std::sqrt(products.volume());
    errors.errors.push_back(flows ? norms.error / norms.size : 0.0);
    errors.flows.push_back(flows);
  }
  return errors;
}

} // namespace linnet::rom
