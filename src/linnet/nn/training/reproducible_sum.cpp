// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/nn/training/reproducible_sum.hpp>

#include <linnet/core/error.hpp>
#include <linnet/kernels/network/fixed_point.hpp>

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <utility>

namespace linnet::nn {

namespace {

// Below it the scale would leave the range of double precision; so small a block is summed with
// the resolution of this exponent.
constexpr int smallest_exponent = -900;

// Power of two that turns a value of the exponent into an integer.
int shift(int shards, int exponent) {
  const int rounded_log2 = std::bit_width(static_cast<unsigned>(shards - 1));
  return 61 - rounded_log2 - exponent;
}

} // namespace

template <class T>
ReproducibleSum<T>::ReproducibleSum(MPI_Comm comm, const ParameterLayout& layout, int shards,
                                    std::string what)
    : comm_(comm), layout_(layout), shards_(shards), what_(std::move(what)),
      sum_(kernels::zeros<std::int64_t>("linnet::nn::reproducible_sum", layout.size() + 1)),
      host_sum_(Kokkos::create_mirror_view(
          static_cast<const Kokkos::View<std::int64_t*, kernels::MemorySpace>&>(sum_))) {
  if (shards < 1)
    core::throw_usage(what_ + ": " + std::to_string(shards) + " shards; give 1 or more");
}

// Largest exponent of each block over all shards of all ranks.
template <class T>
std::vector<int> ReproducibleSum<T>::exponents(std::span<const kernels::Array<T>> mine) const {
  const auto& blocks = layout_.blocks();
  std::vector<int> largest(blocks.size(), smallest_exponent);
  for (std::size_t b = 0; b < blocks.size(); ++b)
    for (const auto& shard : mine)
      largest[b] =
          std::max(largest[b], kernels::largest_exponent<T>(shard.data(), blocks[b].offset,
                                                            blocks[b].offset + blocks[b].size()));
  MPI_Allreduce(MPI_IN_PLACE, largest.data(), static_cast<int>(largest.size()), MPI_INT, MPI_MAX,
                comm_);
  for (std::size_t b = 0; b < blocks.size(); ++b)
    if (largest[b] >= std::numeric_limits<T>::max_exponent)
      throw core::Error(
          core::ExitCode::not_converged,
          what_ + ": '" + blocks[b].name +
              "' is not finite in a shard; lower the learning rate or check the data");
  return largest;
}

template <class T>
void ReproducibleSum<T>::sum_over_ranks(std::size_t shards_here) {
  constexpr std::size_t piece = std::size_t{1} << 28; // MPI counts in int
  const std::size_t size = sum_.extent(0);
  Kokkos::deep_copy(host_sum_, sum_);
  host_sum_(size - 1) = static_cast<std::int64_t>(shards_here);
  for (std::size_t first = 0; first < size; first += piece)
    MPI_Allreduce(MPI_IN_PLACE, host_sum_.data() + first,
                  static_cast<int>(std::min(piece, size - first)), MPI_INT64_T, MPI_SUM, comm_);
  if (host_sum_(size - 1) != shards_)
    core::throw_usage(what_ + ": " + std::to_string(host_sum_(size - 1)) +
                      " shards on all ranks; give the " + std::to_string(shards_) + " announced");
  Kokkos::deep_copy(sum_, host_sum_);
}

template <class T>
void ReproducibleSum<T>::mean(std::span<const kernels::Array<T>> mine, double divisor,
                              const kernels::Array<T>& result) {
  const std::vector<int> largest = exponents(mine);
  const auto& blocks = layout_.blocks();
  Kokkos::deep_copy(sum_, std::int64_t{0});
  const auto end = [](const ParameterBlock& block) { return block.offset + block.size(); };
  for (std::size_t b = 0; b < blocks.size(); ++b)
    for (const auto& shard : mine)
      kernels::add_fixed_point<T>(sum_.data(), shard.data(),
                                  std::ldexp(1.0, shift(shards_, largest[b])), blocks[b].offset,
                                  end(blocks[b]));
  sum_over_ranks(mine.size());
  for (std::size_t b = 0; b < blocks.size(); ++b)
    kernels::from_fixed_point<T>(sum_.data(), result.data(), divisor,
                                 std::ldexp(1.0, -shift(shards_, largest[b])), blocks[b].offset,
                                 end(blocks[b]));
}

template class ReproducibleSum<float>;
template class ReproducibleSum<double>;

std::vector<double> sum_of_shards(MPI_Comm comm, int shards, std::span<const std::string> names,
                                  std::span<const double> mine) {
  if (names.empty() || mine.size() % names.size() != 0)
    throw core::Error(core::ExitCode::internal, "sum_of_shards: not one value per name and shard");
  ParameterLayout layout;
  for (const std::string& name : names) {
    ParameterBlock block;
    block.name = name, block.shape = {1};
    layout.add(block);
  }
  std::vector<kernels::Array<double>> values;
  for (std::size_t first = 0; first < mine.size(); first += names.size()) {
    values.push_back(parameter_buffer<double>(layout));
    const auto host = Kokkos::create_mirror_view(
        static_cast<const Kokkos::View<double*, kernels::MemorySpace>&>(values.back()));
    Kokkos::deep_copy(host, 0.0);
    for (std::size_t k = 0; k < names.size(); ++k)
      host(layout.blocks()[k].offset) = mine[first + k];
    Kokkos::deep_copy(values.back(), host);
  }
  const kernels::Array<double> sums = parameter_buffer<double>(layout);
  ReproducibleSum<double>(comm, layout, shards, "loss").mean(values, 1.0, sums);
  const auto host = Kokkos::create_mirror_view_and_copy(
      kernels::HostSpace{}, static_cast<const Kokkos::View<double*, kernels::MemorySpace>&>(sums));
  std::vector<double> result;
  for (const ParameterBlock& block : layout.blocks()) result.push_back(host(block.offset));
  return result;
}

} // namespace linnet::nn
