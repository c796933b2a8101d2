// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Flat buffers of parameters for tests.
#pragma once

#include <linnet/core/random.hpp>
#include <linnet/nn/network/parameters.hpp>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

namespace linnet::tests {

inline void add_block(nn::ParameterLayout& layout, const std::string& name,
                      std::vector<std::int64_t> shape, nn::ParameterRole role) {
  nn::ParameterBlock block;
  block.name = name, block.shape = std::move(shape), block.role = role;
  layout.add(block);
}

template <class T>
std::vector<T> values_of(const kernels::Array<T>& array) {
  const auto host = Kokkos::create_mirror_view_and_copy(
      kernels::HostSpace{}, static_cast<const Kokkos::View<T*, kernels::MemorySpace>&>(array));
  return std::vector<T>(host.data(), host.data() + host.extent(0));
}

template <class T>
void set_values(const kernels::Array<T>& array, const std::vector<T>& values) {
  const auto host =
      Kokkos::create_mirror_view(static_cast<const Kokkos::View<T*, kernels::MemorySpace>&>(array));
  std::copy(values.begin(), values.end(), host.data());
  Kokkos::deep_copy(array, host);
}

/// Normal deviates times @p factor in the blocks, zeros between them.
template <class T>
std::vector<T> noise(const nn::ParameterLayout& layout, std::uint64_t stream, double factor = 1.0) {
  std::vector<T> values(layout.size(), T(0));
  const core::RandomStream random(7, stream);
  for (const nn::ParameterBlock& block : layout.blocks())
    for (std::size_t i = block.offset; i < block.offset + block.size(); ++i)
      values[i] = static_cast<T>(factor * random.normal(i));
  return values;
}

template <class T>
kernels::Array<T> buffer(const nn::ParameterLayout& layout, const std::vector<T>& values) {
  const kernels::Array<T> array = nn::parameter_buffer<T>(layout);
  set_values(array, values);
  return array;
}

/// True when all values outside the blocks are zero.
template <class T>
bool has_clean_gaps(const nn::ParameterLayout& layout, std::vector<T> values) {
  for (const nn::ParameterBlock& block : layout.blocks())
    std::fill_n(values.begin() + static_cast<std::ptrdiff_t>(block.offset), block.size(), T(0));
  return std::all_of(values.begin(), values.end(), [](T v) { return v == T(0); });
}

} // namespace linnet::tests
