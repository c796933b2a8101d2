// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/nn/network/parameters.hpp>

#include <linnet/core/random.hpp>

#include <cmath>

namespace linnet::nn {

namespace {

constexpr std::size_t alignment = 16; // values: 64 bytes in single precision

double deviate(const ParameterBlock& block, const core::RandomStream& random, std::uint64_t place) {
  const double in = static_cast<double>(block.fan_in), out = static_cast<double>(block.fan_out);
  const double deviation = std::sqrt(2.0 / (in + out));
  const double symmetric = 2.0 * random.uniform(place) - 1.0; // of variance 1/3
  switch (block.start) {
  case InitialValues::zeros: return 0.0;
  case InitialValues::ones: return 1.0;
  case InitialValues::glorot_uniform: return std::sqrt(3.0) * deviation * symmetric;
  case InitialValues::glorot_normal: return deviation * random.normal(place);
  case InitialValues::fan_in_uniform: return symmetric / std::sqrt(in);
  }
  return 0.0;
}

} // namespace

std::size_t ParameterLayout::add(ParameterBlock block) {
  block.offset = size_;
  const std::size_t values = block.size();
  count_ += values;
  size_ += (values + alignment - 1) / alignment * alignment;
  blocks_.push_back(std::move(block));
  return blocks_.back().offset;
}

template <class T>
void initialise(const ParameterLayout& layout, std::uint64_t seed,
                const kernels::Array<T>& values) {
  const auto host = Kokkos::create_mirror_view(
      static_cast<const Kokkos::View<T*, kernels::MemorySpace>&>(values));
  std::uint64_t number = 0;
  for (const ParameterBlock& block : layout.blocks()) {
    const core::RandomStream random(seed, number++);
    for (std::size_t i = 0; i < block.size(); ++i)
      host(block.offset + i) = static_cast<T>(deviate(block, random, i));
  }
  Kokkos::deep_copy(values, host);
}

template void initialise(const ParameterLayout&, std::uint64_t, const kernels::Array<float>&);
template void initialise(const ParameterLayout&, std::uint64_t, const kernels::Array<double>&);

} // namespace linnet::nn
