// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// The loop of the empirical cubature: columns on their ranks, the fit on all of them.
#pragma once

#include <linnet/linalg/nonnegative_fit.hpp>
#include <linnet/rom/integrands.hpp>

#include <mpi.h>

#include <cstdint>
#include <span>
#include <unordered_set>
#include <vector>

namespace linnet::rom {

/// What is chosen from on this rank: columns of J, their numbers, the volume that one of x gives.
struct CubatureColumns {
  const Integrands* integrands = nullptr;
  std::vector<std::int64_t> numbers;
  std::vector<double> volumes;
};

/// What shall be integrated, on all ranks.
struct CubatureTarget {
  std::vector<double> b; ///< J w and, last, scale times the volume
  double scale = 1.0;    ///< of the row of ones
};

/// The columns with these numbers, the volume behind the integrands, one after the other; zeros
/// where no rank has one. Collective.
std::vector<double> columns_of(MPI_Comm comm, const CubatureColumns& columns,
                               const CubatureTarget& target, std::span<const std::int64_t> numbers);

class CubatureSearch {
public:
  /// References @p columns. Collective.
  CubatureSearch(MPI_Comm comm, const CubatureColumns& columns, const CubatureTarget& target,
                 linalg::NonnegativeFit& fit);

  /// When run() ends.
  struct Limits {
    double tolerance = 0.0;    ///< of relative_residual()
    std::int64_t most = 0;     ///< columns of the fit
    double least_cosine = 0.0; ///< of residual and best column: below it none is taken in
  };
  /// Takes in the best column, one after the other. Returns how many it took in. Collective.
  int run(const Limits& limits);
  /// This rank's part of the columns, at least @p wanted on all ranks if there are so many, that
  /// have the largest cosines with the residual; none on all ranks where none gains. Collective.
  [[nodiscard]] std::vector<std::size_t> leading(double wanted);
  /// Cosine of the residual and the best column, of the last look at all.
  [[nodiscard]] double best_cosine() const { return best_cosine_; }
  /// |b - A x'| / |b| with x' scaled to the exact volume.
  [[nodiscard]] double relative_residual() const;
  /// x'.
  [[nodiscard]] std::vector<double> scaled_x() const;

private:
  void look_at_all();
  [[nodiscard]] std::int64_t best() const;
  [[nodiscard]] double volume_factor() const;

  MPI_Comm comm_;
  const CubatureColumns& columns_;
  const CubatureTarget& target_;
  linalg::NonnegativeFit& fit_;
  std::vector<double> lengths_, scores_; ///< |column|; cosines with the residual, 0 where taken
  double best_cosine_ = 0.0;
  std::unordered_set<std::int64_t> useless_; ///< for the present residual
};

} // namespace linnet::rom
