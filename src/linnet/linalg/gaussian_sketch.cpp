// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/linalg/gaussian_sketch.hpp>

#include <linnet/core/random.hpp>
#include <linnet/io/vec_array.hpp>
#include <linnet/io/vec_layout.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <string>

namespace linnet::linalg {
namespace {

constexpr std::size_t panel = 8;           // keys that are summed together
constexpr std::uint32_t stream = 0x534b54; // apart from whatever else has the same seed

/// Four normal deviates of one block of random bits.
std::array<float, 4> normals(std::uint64_t seed, std::uint64_t place, std::uint32_t group) {
  const auto low = [](std::uint64_t n) { return static_cast<std::uint32_t>(n); };
  const auto bits =
      core::philox({low(place), low(place >> 32), group, stream}, {low(seed), low(seed >> 32)});
  std::array<float, 4> result;
  for (std::size_t pair = 0; pair < 4; pair += 2) {
    const double radius = std::sqrt(-2.0 * std::log((bits[pair] + 0.5) * 0x1p-32));
    const double angle = 6.283185307179586476925 * 0x1p-32 * bits[pair + 1];
    result[pair] = static_cast<float>(radius * std::cos(angle));
    result[pair + 1] = static_cast<float>(radius * std::sin(angle));
  }
  return result;
}

std::array<double, panel> sums(const float* factors, const double* v, std::size_t rows) {
  // Two sets, so that additions need not wait for each other.
  std::array<double, panel> even{}, odd{};
  std::size_t i = 0;
  for (; i + 1 < rows; i += 2)
    for (std::size_t j = 0; j < panel; ++j) {
      even[j] += v[i] * factors[panel * i + j];
      odd[j] += v[i + 1] * factors[panel * (i + 1) + j];
    }
  for (std::size_t j = 0; j < panel; ++j) {
    if (i < rows) even[j] += v[i] * factors[panel * i + j];
    even[j] += odd[j];
  }
  return even;
}

} // namespace

GaussianSketch::GaussianSketch(Vec like, int keys, std::uint64_t seed) : keys_(keys) {
  if (keys < 1 || keys > limit)
    core::throw_usage("sketch: keys must be from 1 to " + std::to_string(limit) + ", got " +
                      std::to_string(keys));
  const io::VecLayout layout = io::layout_of(like);
  rows_ = static_cast<std::size_t>(layout.full_slab().size());
  const std::size_t panels = (static_cast<std::size_t>(keys) + panel - 1) / panel;
  factors_.resize(panels * panel * rows_);
  io::visit_places(layout, [&](std::int64_t row, std::uint64_t place) {
    for (std::size_t group = 0; group < 2 * panels; ++group) {
      const auto four = normals(seed, place, static_cast<std::uint32_t>(group));
      float* const to = factors_.data() + panel * ((group / 2) * rows_ + std::size_t(row));
      std::copy(four.begin(), four.end(), to + 4 * (group % 2));
    }
  });
}

void GaussianSketch::apply(Vec v, std::span<double> key) const {
  std::array<double, limit> all{};
  const io::VecReadArray values(v);
  for (std::size_t first = 0; first < std::size_t(keys_); first += panel) {
    const auto part = sums(factors_.data() + first * rows_, values.data(), rows_);
    std::copy(part.begin(), part.end(), all.begin() + std::ptrdiff_t(first));
  }
  LINNET_CHECK(PetscLogFlops(2.0 * keys_ * static_cast<double>(rows_)));
  LINNET_CHECK(MPI_Allreduce(MPI_IN_PLACE, all.data(), keys_, MPI_DOUBLE, MPI_SUM,
                             PetscObjectComm(reinterpret_cast<PetscObject>(v))));
  // Sums may round differently on the ranks of some MPIs; what is decided by keys must not.
  LINNET_CHECK(MPI_Bcast(all.data(), keys_, MPI_DOUBLE, 0,
                         PetscObjectComm(reinterpret_cast<PetscObject>(v))));
  const double scale = 1.0 / std::sqrt(static_cast<double>(keys_));
  for (std::size_t j = 0; j < std::size_t(keys_); ++j) key[j] = scale * all[j];
}

} // namespace linnet::linalg
