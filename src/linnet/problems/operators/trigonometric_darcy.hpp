// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Samples of Darcy flow with a trigonometric coefficient of six scales on [-1,1]^2 (Owhadi, SIAM
/// Rev. 59 (2017) 99, arXiv 1503.03467, with random wave numbers as in Liu, Xu and Zhang, arXiv
/// 2210.10890):
///   a(x,y) = prod_{k=1..6} (1 + cos(a_k pi (x + y)) / 2) (1 + sin(a_k pi (y - 3 x)) / 2),
/// a_k uniform in [2^(k-1), 1.5 2^(k-1)].
///
/// The published set was solved by linear finite elements; here finite volumes do it
/// (darcy_solver.hpp), which have the same stencil and take the coefficient at other points.
#pragma once

#include <linnet/problems/operators/darcy_sampler.hpp>

namespace linnet::problems {

struct TrigonometricDarcyOptions {
  int nodes = 1023; ///< per direction, boundary included
  int stride = 4;   ///< every how many-th node is kept
  std::uint64_t seed = 0;
};

class TrigonometricDarcy final : public DarcySampler {
public:
  /// @throws core::Error (usage) for options out of their range.
  explicit TrigonometricDarcy(const TrigonometricDarcyOptions& options);
  [[nodiscard]] std::string recipe() const override;
  [[nodiscard]] std::vector<double> coefficient(std::uint64_t number) const override;

private:
  TrigonometricDarcyOptions options_;
};

} // namespace linnet::problems
