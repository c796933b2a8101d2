// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/rom/cubature_search.hpp>

#include <linnet/core/log.hpp>
#include <linnet/core/petsc.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <unordered_map>

namespace linnet::rom {

namespace {

/// Scores this close to the largest one are the same up to rounding.
constexpr double alike = 1.0 - 1e-8;
/// Cosine of column and residual that is rounding.
constexpr double no_gain = 1e-12;
/// Of cosines.
constexpr std::size_t bins = 1024;
constexpr std::int64_t none = std::numeric_limits<std::int64_t>::max();

double length(std::span<const double> v) {
  double sum = 0.0;
  for (const double value : v) sum += value * value;
  return std::sqrt(sum);
}

} // namespace

CubatureSearch::CubatureSearch(MPI_Comm comm, const CubatureColumns& columns,
                               const CubatureTarget& target, linalg::NonnegativeFit& fit)
    : comm_(comm), columns_(columns), target_(target), fit_(fit),
      lengths_(columns.integrands->points()), scores_(lengths_.size()) {
  columns.integrands->squared_norms(lengths_);
  for (std::size_t g = 0; g < lengths_.size(); ++g)
    lengths_[g] = std::hypot(std::sqrt(lengths_[g]), target.scale * columns.volumes[g]);
}

std::vector<double> columns_of(MPI_Comm comm, const CubatureColumns& columns,
                               const CubatureTarget& target,
                               std::span<const std::int64_t> numbers) {
  const std::size_t rows = target.b.size();
  std::unordered_map<std::int64_t, std::size_t> wanted;
  for (std::size_t j = 0; j < numbers.size(); ++j) wanted.emplace(numbers[j], j);
  std::vector<double> values(rows * numbers.size(), 0.0);
  for (std::size_t g = 0; g < columns.numbers.size(); ++g)
    if (const auto found = wanted.find(columns.numbers[g]); found != wanted.end()) {
      const auto to = std::span(values).subspan(rows * found->second, rows);
      columns.integrands->column(g, to.first(rows - 1));
      to.back() = target.scale * columns.volumes[g];
    }
  MPI_Allreduce(MPI_IN_PLACE, values.data(), static_cast<int>(values.size()), MPI_DOUBLE, MPI_SUM,
                comm);
  return values;
}

/// Cosines of all columns that are open with the residual, and the largest one.
void CubatureSearch::look_at_all() {
  const std::span<const double> r = fit_.residual();
  PetscLogEventBegin(core::events().cubature_sweep, nullptr, nullptr, nullptr, nullptr);
  columns_.integrands->project(r.first(r.size() - 1), scores_);
  PetscLogFlops(columns_.integrands->flops_per_sweep());
  PetscLogEventEnd(core::events().cubature_sweep, nullptr, nullptr, nullptr, nullptr);
  const std::unordered_set<std::int64_t> taken(fit_.labels().begin(), fit_.labels().end());
  const double size = length(r);
  best_cosine_ = 0.0;
  for (std::size_t g = 0; g < scores_.size(); ++g) {
    const std::int64_t number = columns_.numbers[g];
    const bool open = lengths_[g] > 0.0 && !taken.contains(number) && !useless_.contains(number);
    const double product = scores_[g] + r.back() * target_.scale * columns_.volumes[g];
    scores_[g] = open && size > 0.0 ? product / (lengths_[g] * size) : 0.0;
    best_cosine_ = std::max(best_cosine_, scores_[g]);
  }
  MPI_Allreduce(MPI_IN_PLACE, &best_cosine_, 1, MPI_DOUBLE, MPI_MAX, comm_);
}

/// Number of the best column of the last look.
std::int64_t CubatureSearch::best() const {
  std::int64_t number = none;
  for (std::size_t g = 0; g < scores_.size(); ++g)
    if (scores_[g] >= alike * best_cosine_) number = std::min(number, columns_.numbers[g]);
  MPI_Allreduce(MPI_IN_PLACE, &number, 1, MPI_INT64_T, MPI_MIN, comm_);
  return number;
}

int CubatureSearch::run(const Limits& limits) {
  int taken = 0;
  useless_.clear();
  while (relative_residual() > limits.tolerance &&
         static_cast<std::int64_t>(fit_.size()) < limits.most) {
    look_at_all();
    if (best_cosine_ <= std::max(no_gain, limits.least_cosine)) break;
    // Rounding can let columns follow each other in a circle; none is taken in that often.
    if (taken > 20 * static_cast<int>(target_.b.size()) + 1000) break;
    const std::int64_t number = best();
    // As many columns as rows leave rounding, which the others cannot mend, nor can any where many
    // in a row could not.
    if (fit_.size() >= target_.b.size() || useless_.size() > 2 * target_.b.size()) break;
    if (fit_.add(columns_of(comm_, columns_, target_, {&number, 1}), number)) {
      useless_.clear();
      ++taken;
    } else {
      useless_.insert(number);
    }
  }
  return taken;
}

// Counts of columns by their share of the best cosine, in bins, say where to cut: one sum over the
// ranks. Edges are slightly low, so that columns alike are on one side of them.
std::vector<std::size_t> CubatureSearch::leading(double wanted) {
  useless_.clear();
  look_at_all();
  if (best_cosine_ <= no_gain) return {};
  std::vector<std::int64_t> counts(bins + 1, 0);
  const auto bin = [&](double score) {
    const double part = std::clamp(score / (alike * best_cosine_), 0.0, 1.0);
    return static_cast<std::size_t>(part * static_cast<double>(bins));
  };
  for (const double score : scores_) ++counts[bin(score)];
  MPI_Allreduce(MPI_IN_PLACE, counts.data(), static_cast<int>(counts.size()), MPI_INT64_T, MPI_SUM,
                comm_);
  std::size_t first = bins;
  for (std::int64_t sum = counts[first]; first > 1 && static_cast<double>(sum) < wanted;)
    sum += counts[--first];
  std::vector<std::size_t> result;
  for (std::size_t g = 0; g < scores_.size(); ++g)
    if (bin(scores_[g]) >= first) result.push_back(g);
  return result;
}

double CubatureSearch::volume_factor() const {
  // The last row of A x is that of b less that of the residual.
  const double volume = target_.b.back() - fit_.residual().back();
  return volume > 0.0 ? target_.b.back() / volume : 1.0;
}

double CubatureSearch::relative_residual() const {
  const double factor = volume_factor();
  double sum = 0.0;
  for (std::size_t i = 0; i < target_.b.size(); ++i) {
    const double rest = target_.b[i] - factor * (target_.b[i] - fit_.residual()[i]);
    sum += rest * rest;
  }
  return std::sqrt(sum) / length(target_.b);
}

std::vector<double> CubatureSearch::scaled_x() const {
  std::vector<double> x(fit_.x().begin(), fit_.x().end());
  for (double& value : x) value *= volume_factor();
  return x;
}

} // namespace linnet::rom
