// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Means of the gradients of a batch that have the same bits on any number of ranks.
///
/// A batch is cut into a fixed number of shards, whatever the number of ranks. The gradients of all
/// shards are scaled, per block of parameters, by 2^(61 - ceil(log2(shards)) - e), with e the
/// largest exponent in the block over all shards, rounded to 64-bit integers and summed as such.
/// Sums of integers do not depend on their order, and this one cannot overflow: its terms are at
/// most 2^62 / shards. Each rounding is at most 2^(ceil(log2(shards)) - 62) of the largest value's
/// power of two.
#pragma once

#include <linnet/nn/network/parameters.hpp>

#include <mpi.h>

#include <span>

namespace linnet::nn {

template <class T>
class ReproducibleSum {
public:
  /// For @p shards shards with gradients of @p layout, over the ranks of @p comm. @p what names the
  /// values in errors.
  ReproducibleSum(MPI_Comm comm, const ParameterLayout& layout, int shards,
                  std::string what = "gradient");

  /// result = the sum of all shards over @p divisor, on every rank. @p mine holds the gradients of
  /// this rank's shards, none or more; each shard is on one rank. @p result may be one of them.
  /// Throws on all ranks when a value is not finite, naming the block, and when the ranks do not
  /// hold as many shards as were announced. Collective.
  void mean(std::span<const kernels::Array<T>> mine, double divisor,
            const kernels::Array<T>& result);

private:
  [[nodiscard]] std::vector<int> exponents(std::span<const kernels::Array<T>> mine) const;
  void sum_over_ranks(std::size_t shards_here);

  MPI_Comm comm_;
  ParameterLayout layout_;
  int shards_;
  std::string what_;
  kernels::Array<std::int64_t> sum_; ///< and behind it the number of shards summed
  kernels::HostArray<std::int64_t> host_sum_;
};

/// The same sums, undivided, of a few values per shard, such as losses, each with an exponent of
/// its own. @p mine: names.size() values per shard of this rank, shard after shard. Collective.
std::vector<double> sum_of_shards(MPI_Comm comm, int shards, std::span<const std::string> names,
                                  std::span<const double> mine);

} // namespace linnet::nn
