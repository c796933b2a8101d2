// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// The cycle on stars for coefficients that vary mildly from point to point.
///
/// Coarse operators by elimination along one direction after the other
/// (kernels/star/star_coarsening.hpp), linear interpolation with weights that know how much the
/// walls leak: 4 passes over the coefficients in the set-up.
#pragma once

#include <linnet/kernels/star/star_inspection.hpp>
#include <linnet/multigrid/star_cycle.hpp>

#include <array>

namespace linnet::multigrid {

template <class T>
class MildCycle final : public StarCycle<T> {
public:
  /// False if coefficients vary too much within the box of this rank. update() looks at all of
  /// them, this at enough to save its work where the coefficients jump. Ghosts are not needed.
  static bool suits(const kernels::StencilOperator<double>& finest);

  /// @p levels must outlive the cycle. Collective on the communicator of the levels.
  explicit MildCycle(std::vector<GridLevel>& levels);

  bool update(const FinestStar& finest) override;

private:
  bool varies_mildly(std::size_t l, const kernels::StarSums<T>& sums) const;
  void coarsen(std::size_t l, const kernels::StarSums<T>& sums, const kernels::StarSums<T>& coarse);
  [[nodiscard]] std::array<std::array<double, 2>, 3>
  wall_leaks(std::size_t l, const kernels::StarSums<T>& sums) const;
  void set_weights(std::size_t l, const kernels::StarSums<T>& sums, const kernels::Layout& target);
};

} // namespace linnet::multigrid
