// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/rom/empirical_cubature.hpp>

#include <linnet/core/agreement.hpp>
#include <linnet/rom/cell_integrands.hpp>
#include <linnet/rom/cubature_search.hpp>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <numeric>
#include <optional>
#include <string>
#include <unordered_map>
#include <unordered_set>

namespace linnet::rom {

namespace {

/// Part of the cosine of the best column down to which candidates are taken in.
constexpr double still_good = 0.1;

std::string text(double value) {
  char buffer[32];
  std::snprintf(buffer, sizeof buffer, "%.3g", value);
  return buffer;
}

void check(MPI_Comm comm, const Integrands& integrands, std::span<const double> weights,
           std::span<const std::int64_t> numbers, const CubatureOptions& options) {
  core::together(comm, [&] {
    if (weights.size() != integrands.points() || numbers.size() != integrands.points())
      core::throw_usage("empirical cubature: " + std::to_string(integrands.points()) +
                        " points on a rank have " + std::to_string(weights.size()) +
                        " weights and " + std::to_string(numbers.size()) + " numbers");
    if (!(options.tolerance > 0.0) || options.tolerance >= 1.0)
      core::throw_usage("empirical cubature: -ecm_tol " + text(options.tolerance) +
                        " is not between 0 and 1");
    if (!(options.candidates >= 0.0) || !std::isfinite(options.candidates))
      core::throw_usage("empirical cubature: -ecm_candidates " + text(options.candidates) +
                        " is not a number of 0 or more");
    if (options.points_per_cell < 1 ||
        numbers.size() % static_cast<std::size_t>(options.points_per_cell) != 0)
      core::throw_usage("empirical cubature: " + std::to_string(numbers.size()) +
                        " points on a rank are no whole cells of " +
                        std::to_string(options.points_per_cell));
    for (const double weight : weights)
      if (!(weight > 0.0) || !std::isfinite(weight))
        core::throw_data("empirical cubature: a quadrature weight is " + text(weight) +
                         "; all must be above 0");
  });
}

/// One search with everything that belongs to it.
class Cubature {
public:
  Cubature(MPI_Comm comm, const Integrands& integrands, std::span<const double> weights,
           std::span<const std::int64_t> numbers, const CubatureOptions& options)
      : comm_(comm), options_(options), weights_(weights), numbers_(numbers),
        per_unit_(options.unit == CubatureUnit::cell
                      ? static_cast<std::size_t>(options.points_per_cell)
                      : 1) {
    if (options.unit == CubatureUnit::cell) cells_.emplace(integrands, weights, per_unit_);
    all_.integrands = cells_ ? static_cast<const Integrands*>(&*cells_) : &integrands;
    for (std::size_t g = 0; g < numbers.size(); g += per_unit_) {
      all_.numbers.push_back(numbers[g]);
      double volume = 0.0;
      for (std::size_t q = g; q < g + per_unit_; ++q) volume += weights[q];
      all_.volumes.push_back(options.unit == CubatureUnit::cell ? volume : 1.0);
    }
    make_target(integrands);
  }

  CubatureRule run(const CubatureRule* start) {
    linalg::NonnegativeFit fit(target_.b);
    if (start) warm_start(fit, *start);
    CubatureSearch search(comm_, all_, target_, fit);
    int taken = options_.candidates > 0.0 ? run_on_candidates(search, fit) : 0;
    taken += search.run({options_.tolerance, options_.most_points});
    const double residual = search.relative_residual();
    if (residual > options_.tolerance) fail(residual, fit.size());
    CubatureRule rule = expanded(fit.labels(), search.scaled_x());
    rule.residual = residual;
    rule.iterations = taken;
    rule.removed = fit.removed();
    return rule;
  }

private:
  void make_target(const Integrands& integrands) {
    target_.b.assign(integrands.size() + 1, 0.0);
    integrands.integrate(weights_, std::span(target_.b).first(integrands.size()));
    target_.b.back() = std::accumulate(weights_.begin(), weights_.end(), 0.0);
    std::vector<double> sums = target_.b;
    sums.push_back(integrands.reference_square());
    sums.push_back(static_cast<double>(numbers_.size()));
    MPI_Allreduce(MPI_IN_PLACE, sums.data(), static_cast<int>(sums.size()), MPI_DOUBLE, MPI_SUM,
                  comm_);
    for (const double sum : sums)
      if (!std::isfinite(sum))
        core::throw_data("empirical cubature: an integrand has values that are not finite");
    if (sums.back() == 0.0) core::throw_usage("empirical cubature: there are no points");
    const double reference = std::sqrt(sums[sums.size() - 2]);
    // Without integrands the volume alone is kept, in any scale.
    target_.scale = reference > 0.0 ? reference / (10.0 * std::sqrt(sums.back())) : 1.0;
    sums.resize(target_.b.size());
    target_.b = std::move(sums);
    target_.b.back() *= target_.scale;
  }

  /// Takes in columns of the best candidates while these are good, then looks at all again. Ends
  /// where the tolerance is met or candidates do not help.
  int run_on_candidates(CubatureSearch& all, linalg::NonnegativeFit& fit) {
    int taken = 0;
    // As in CubatureSearch::run(), columns could follow each other in a circle.
    const int most = 20 * static_cast<int>(target_.b.size()) + 1000;
    const double candidates = options_.candidates * static_cast<double>(target_.b.size());
    while (all.relative_residual() > options_.tolerance && taken < most) {
      const CubatureColumns some = subset(all.leading(candidates));
      CubatureSearch search(comm_, some, target_, fit);
      const int now = search.run({.tolerance = options_.tolerance,
                                  .most = options_.most_points,
                                  .least_cosine = still_good * all.best_cosine()});
      if (now == 0) break;
      taken += now;
    }
    return taken;
  }

  CubatureColumns subset(const std::vector<std::size_t>& units) {
    CubatureColumns some;
    for (const std::size_t u : units) {
      some.numbers.push_back(all_.numbers[u]);
      some.volumes.push_back(all_.volumes[u]);
    }
    candidates_ = all_.integrands->subset(units);
    some.integrands = candidates_.get();
    return some;
  }

  void warm_start(linalg::NonnegativeFit& fit, const CubatureRule& start) {
    std::unordered_map<std::int64_t, std::size_t> place;
    for (std::size_t j = 0; j < start.points.size(); ++j) place.emplace(start.points[j], j);
    std::vector<std::int64_t> found(start.points.size(), 0);
    std::vector<double> x(start.points.size(), 0.0);
    for (std::size_t g = 0; g < numbers_.size(); ++g)
      if (const auto at = place.find(numbers_[g]); at != place.end()) {
        ++found[at->second];
        // Of a cell, its first point stands for the factor of all.
        if (g % per_unit_ == 0)
          x[at->second] = options_.unit == CubatureUnit::cell
                              ? start.weights[at->second] / weights_[g]
                              : start.weights[at->second];
      }
    MPI_Allreduce(MPI_IN_PLACE, found.data(), static_cast<int>(found.size()), MPI_INT64_T, MPI_SUM,
                  comm_);
    MPI_Allreduce(MPI_IN_PLACE, x.data(), static_cast<int>(x.size()), MPI_DOUBLE, MPI_SUM, comm_);
    std::vector<std::int64_t> labels;
    std::vector<double> values;
    for (std::size_t j = 0; j < found.size(); ++j) {
      if (found[j] != 1)
        core::throw_data("empirical cubature: the point " + std::to_string(start.points[j]) +
                         " of the rule to start from occurs " + std::to_string(found[j]) +
                         " times here; take a rule of the same points");
      if (x[j] > 0.0) {
        labels.push_back(start.points[j]);
        values.push_back(x[j]);
      }
    }
    if (labels.empty()) return;
    fit.start(columns_of(comm_, all_, target_, labels), values, labels);
  }

  /// Points and weights of the units, in the order of their numbers.
  CubatureRule expanded(std::span<const std::int64_t> labels, std::span<const double> x) const {
    std::unordered_map<std::int64_t, double> value;
    for (std::size_t j = 0; j < labels.size(); ++j) value.emplace(labels[j], x[j]);
    std::vector<std::int64_t> mine;
    std::vector<double> weights;
    for (std::size_t u = 0; u < all_.numbers.size(); ++u) {
      const auto at = value.find(all_.numbers[u]);
      if (at == value.end()) continue;
      for (std::size_t g = u * per_unit_; g < (u + 1) * per_unit_; ++g) {
        mine.push_back(numbers_[g]);
        weights.push_back(options_.unit == CubatureUnit::cell ? at->second * weights_[g]
                                                              : at->second);
      }
    }
    const std::vector<std::int64_t> points = gathered(mine, MPI_INT64_T);
    const std::vector<double> all = gathered(weights, MPI_DOUBLE);
    std::vector<std::size_t> order(points.size());
    std::iota(order.begin(), order.end(), 0);
    std::sort(order.begin(), order.end(),
              [&](std::size_t a, std::size_t b) { return points[a] < points[b]; });
    CubatureRule rule;
    for (const std::size_t at : order) {
      rule.points.push_back(points[at]);
      rule.weights.push_back(all[at]);
    }
    return rule;
  }

  template <class T>
  std::vector<T> gathered(const std::vector<T>& mine, MPI_Datatype type) const {
    int ranks = 1;
    MPI_Comm_size(comm_, &ranks);
    const int count = static_cast<int>(mine.size());
    std::vector<int> counts(static_cast<std::size_t>(ranks)), first(counts.size(), 0);
    MPI_Allgather(&count, 1, MPI_INT, counts.data(), 1, MPI_INT, comm_);
    std::exclusive_scan(counts.begin(), counts.end(), first.begin(), 0);
    std::vector<T> all(static_cast<std::size_t>(first.back() + counts.back()));
    MPI_Allgatherv(mine.data(), count, type, all.data(), counts.data(), first.data(), type, comm_);
    return all;
  }

  [[noreturn]] void fail(double residual, std::size_t units) const {
    const bool full = static_cast<std::int64_t>(units) >= options_.most_points;
    throw core::Error(core::ExitCode::not_converged,
                      "empirical cubature: the tolerance " + text(options_.tolerance) +
                          " is not reachable: " + std::to_string(units) +
                          (options_.unit == CubatureUnit::cell ? " cells" : " points") +
                          (full ? ", all that are allowed," : ", the best there are,") + " leave " +
                          text(residual) + "; take an -ecm_tol above that" +
                          (full ? " or allow more points" : " or fewer modes"));
  }

  MPI_Comm comm_;
  const CubatureOptions& options_;
  std::span<const double> weights_;
  std::span<const std::int64_t> numbers_;
  std::size_t per_unit_;
  std::optional<CellIntegrands> cells_;
  CubatureColumns all_;
  CubatureTarget target_;
  std::unique_ptr<Integrands> candidates_;
};

} // namespace

CubatureRule empirical_cubature(MPI_Comm comm, const Integrands& integrands,
                                std::span<const double> weights,
                                std::span<const std::int64_t> numbers,
                                const CubatureOptions& options, const CubatureRule* start) {
  check(comm, integrands, weights, numbers, options);
  return Cubature(comm, integrands, weights, numbers, options).run(start);
}

} // namespace linnet::rom
