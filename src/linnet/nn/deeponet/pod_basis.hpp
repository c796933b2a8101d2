// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// The basis of a POD-DeepONet (Lu, Meng, Cai, Mao, Goswami, Zhang and Karniadakis, CMAME 393,
/// 114778, 2022): proper orthogonal decomposition of what a network is trained on takes the place
/// of the trunk.
#pragma once

#include <linnet/nn/deeponet/operator_data.hpp>

namespace linnet::nn {

struct PodBasis {
  Normaliser mean;           ///< adds the mean of the training outputs to what the modes make up
  std::vector<float> values; ///< (point, mode)
  double captured = 0.0;     ///< part of the variance of the training outputs in these modes
};

/// Of the first @p samples samples of Cartesian data of one output. Modes are divided by their
/// number, as in the publication, so that the branch's start is of the right size for outputs of
/// the size 1; with @p scaled also multiplied by the root mean square of the outputs about their
/// mean, for outputs of any size. Not collective.
/// @throws core::Error (usage) for triples, for several outputs, or for more modes than samples or
/// points.
PodBasis pod_basis(const OperatorData& data, std::int64_t samples, int modes, bool scaled = false);

} // namespace linnet::nn
