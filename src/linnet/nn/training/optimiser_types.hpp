// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// The types behind make_optimiser(), which has checked their options.
#pragma once

#include <linnet/nn/training/optimiser.hpp>

namespace linnet::nn {

template <class T>
std::unique_ptr<Optimiser<T>> make_adam(const OptimiserOptions& options,
                                        const ParameterLayout& layout);
template <class T>
std::unique_ptr<Optimiser<T>> make_adamw(const OptimiserOptions& options,
                                         const ParameterLayout& layout);
template <class T>
std::unique_ptr<Optimiser<T>> make_muon(const OptimiserOptions& options,
                                        const ParameterLayout& layout);
template <class T>
std::unique_ptr<Optimiser<T>> make_sgd(const ParameterLayout& layout);

} // namespace linnet::nn
