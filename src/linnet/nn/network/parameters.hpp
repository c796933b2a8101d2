// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// The parameters of a network: one flat buffer, and a list that says what lies where in it.
#pragma once

#include <linnet/kernels/allocation.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace linnet::nn {

/// What a block of parameters does: weight decay and orthogonalised updates are for weights alone;
/// a basis is given, and its gradient stays zero.
enum class ParameterRole { weight, bias, scale, basis };

/// How a block starts. Normal and uniform deviates of Glorot and Bengio (AISTATS 2010): variance
/// 2 / (fan_in + fan_out). fan_in_uniform: uniform in +-1/sqrt(fan_in), the start of PyTorch's
/// layers.
enum class InitialValues { zeros, ones, glorot_uniform, glorot_normal, fan_in_uniform };

/// One array of parameters, row-major.
struct ParameterBlock {
  std::string name; ///< "layer/weight", "layer/bias", ...: its path in a model file
  std::vector<std::int64_t> shape;
  ParameterRole role = ParameterRole::weight;
  InitialValues start = InitialValues::zeros;
  std::int64_t fan_in = 1, fan_out = 1;
  std::size_t offset = 0; ///< of the first value in the flat buffer

  [[nodiscard]] std::size_t size() const {
    std::size_t count = 1;
    for (const std::int64_t extent : shape) count *= static_cast<std::size_t>(extent);
    return count;
  }
  bool operator==(const ParameterBlock&) const = default;
};

/// Blocks in a flat buffer, each at a multiple of 64 bytes; the gaps between them stay zero.
class ParameterLayout {
public:
  /// Appends @p block, whose offset is filled in, and returns its offset.
  std::size_t add(ParameterBlock block);
  [[nodiscard]] const std::vector<ParameterBlock>& blocks() const { return blocks_; }
  /// Values of the flat buffer, gaps included.
  [[nodiscard]] std::size_t size() const { return size_; }
  /// Parameters, without the gaps.
  [[nodiscard]] std::size_t count() const { return count_; }
  bool operator==(const ParameterLayout&) const = default;

private:
  std::vector<ParameterBlock> blocks_;
  std::size_t size_ = 0;
  std::size_t count_ = 0;
};

/// A buffer of zeros for @p layout: parameters, a gradient, a moment of an optimiser.
template <class T>
kernels::Array<T> parameter_buffer(const ParameterLayout& layout) {
  return kernels::zeros<T>("linnet::nn::parameters", layout.size());
}

/// Fills @p values as the blocks say. A value depends on @p seed, the number of its block and its
/// place in it alone. Not collective.
template <class T>
void initialise(const ParameterLayout& layout, std::uint64_t seed, const kernels::Array<T>& values);

} // namespace linnet::nn
