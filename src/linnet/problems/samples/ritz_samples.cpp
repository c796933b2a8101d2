// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/problems/samples/ritz_samples.hpp>

#include <linnet/core/owned.hpp>
#include <linnet/core/random.hpp>
#include <linnet/problems/cells/cell_values.hpp>

#include <algorithm>
#include <cmath>

namespace linnet::problems {

namespace {

// Apart from the streams of media and obstacles with the same seed.
constexpr std::uint64_t start_stream = std::uint64_t{3} << 56;
constexpr std::uint64_t sample_stream = std::uint64_t{4} << 56;

void fill_noise(DM cells, Vec mask, std::uint64_t seed, Vec w) {
  const auto grid = CellGrid::of(cells);
  const core::RandomStream stream(seed, start_stream);
  CellValues values(w);
  visit_cells(grid.box, [&](int i, int j, int k) {
    values[grid.local_index(i, j, k)] =
        stream.normal(static_cast<std::uint64_t>(grid.natural_index(i, j, k)));
  });
  if (!mask) return;
  const ConstCellValues solid(mask);
  for (std::ptrdiff_t c = 0; c < grid.box.size(); ++c)
    if (solid[c] >= 0.5) values[c] = 0.0;
}

void validate(const RitzSampleOptions& o) {
  const auto fail = [](const char* name, const char* rule, double value) {
    core::throw_usage(std::string("Ritz samples: ") + name + " must be " + rule + ", got " +
                      std::to_string(value));
  };
  if (!(o.drop >= 0.0 && o.drop < 1.0)) fail("drop", "at least 0 and below 1", o.drop);
  if (!(o.low_part >= 0.0 && o.low_part <= 1.0)) fail("low_part", "from 0 to 1", o.low_part);
  if (!(o.low_weight > 0.0 && std::isfinite(o.low_weight)))
    fail("low_weight", "positive and finite", o.low_weight);
}

} // namespace

void ritz_start_vector(DM cells, Mat A, Vec mask, std::uint64_t seed, Vec start) {
  Vec noise = nullptr;
  LINNET_CHECK(VecDuplicate(start, &noise));
  const core::Owned<Vec> w(noise);
  fill_noise(cells, mask, seed, w.get());
  LINNET_CHECK(MatMult(A, w.get(), start));
  PetscReal length = 0.0;
  LINNET_CHECK(VecNorm(start, NORM_2, &length));
  if (!(length > 0.0) || !std::isfinite(length))
    core::throw_usage("Ritz samples: the matrix times a random vector has the norm " +
                      std::to_string(length) + "; it must be finite and not zero");
  LINNET_CHECK(VecScale(start, 1.0 / length));
}

RitzSamples::RitzSamples(const linalg::Lanczos& pairs, const RitzSampleOptions& options)
    : pairs_(pairs), options_(options) {
  validate(options_);
  const auto& theta = pairs_.ritz_values();
  const double least = options_.drop * theta.back();
  const auto first =
      std::find_if(theta.begin(), theta.end(), [&](double t) { return t > 0.0 && t > least; });
  if (first == theta.end())
    core::throw_usage("Ritz samples: no Ritz value is positive, the largest is " +
                      std::to_string(theta.back()) + "; the matrix must be positive semidefinite");
  dropped_ = static_cast<PetscInt>(first - theta.begin());
  const auto low = std::lround(options_.low_part * static_cast<double>(theta.size()));
  low_end_ = std::min(dropped_ + static_cast<PetscInt>(low), pairs_.size());
}

std::vector<double> RitzSamples::coefficients(std::uint64_t number) const {
  const core::RandomStream stream(options_.seed, sample_stream + number);
  std::vector<double> d(static_cast<std::size_t>(pairs_.size()), 0.0);
  double square = 0.0;
  for (PetscInt j = dropped_; j < pairs_.size(); ++j) {
    // Counted from the first pair that is kept: rounding decides how many are not.
    const double c = stream.normal(static_cast<std::uint64_t>(j - dropped_)) *
                     (j < low_end_ ? options_.low_weight : 1.0);
    d[static_cast<std::size_t>(j)] = c;
    square += c * c;
  }
  const double length = std::sqrt(square);
  for (double& c : d) c /= length;
  return d;
}

std::vector<double> RitzSamples::solution_coefficients(std::uint64_t number) const {
  auto d = coefficients(number);
  for (auto j = static_cast<std::size_t>(dropped_); j < d.size(); ++j)
    d[j] /= pairs_.ritz_values()[j];
  return d;
}

void RitzSamples::right_hand_side(std::uint64_t number, Vec b) const {
  pairs_.combine(coefficients(number), b);
}

void RitzSamples::solution(std::uint64_t number, Vec e) const {
  pairs_.combine(solution_coefficients(number), e);
}

template <class Coefficients>
void RitzSamples::mix(std::uint64_t first, PetscInt count, double* values, Coefficients of) const {
  std::vector<double> all;
  all.reserve(static_cast<std::size_t>(count) * static_cast<std::size_t>(pairs_.size()));
  for (PetscInt s = 0; s < count; ++s) {
    const auto one = of(first + static_cast<std::uint64_t>(s));
    all.insert(all.end(), one.begin(), one.end());
  }
  pairs_.combine(count, all.data(), values);
}

void RitzSamples::right_hand_sides(std::uint64_t first, PetscInt count, double* values) const {
  mix(first, count, values, [this](std::uint64_t s) { return coefficients(s); });
}

void RitzSamples::solutions(std::uint64_t first, PetscInt count, double* values) const {
  mix(first, count, values, [this](std::uint64_t s) { return solution_coefficients(s); });
}

} // namespace linnet::problems
