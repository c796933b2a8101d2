// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/rom/solid/replay.hpp>

#include <linnet/core/error.hpp>
#include <linnet/fem/support/vec_views.hpp>

#include <algorithm>
#include <string>

namespace linnet::rom {

void replay_step(fem::SolidModel& solid, const fem::Loading& loading,
                 const DecomposedLoading& decomposed, int step, Vec u) {
  const auto index = static_cast<std::size_t>(step);
  const double before = decomposed.times()[index - 1], end = decomposed.times()[index];
  loading.temperature(end, solid.temperature());
  solid.update(u, end - before);
  if (solid.failures() > 0) {
    solid.restore();
    throw core::Error(core::ExitCode::not_converged,
                      "the law has no solution at " + std::to_string(solid.failures()) +
                          " points along the reduced displacements of step " +
                          std::to_string(step) + "; lower -rom_target or take smaller steps");
  }
  solid.commit();
}

void combine_displacement(const SolidBasis& basis, const DecomposedLoading& decomposed,
                          const linalg::ColumnStore& lifts, std::span<const double> gamma,
                          std::size_t index, Vec u) {
  std::vector<double> padded(gamma.begin(), gamma.end());
  padded.resize(static_cast<std::size_t>(basis.displacement().size()), 0.0);
  basis.displacement().combine(padded, u);
  const fem::HostValues values(u);
  add_lift(decomposed, lifts, index, {&values[0], static_cast<std::size_t>(lifts.local_rows())});
}

} // namespace linnet::rom
