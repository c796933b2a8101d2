// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// A model of the blade learnt from the hot spots A and B, and the unseen C.
#pragma once

#include "blade_case.hpp"

#include <linnet/rom/solid/calibration_runs.hpp>
#include <linnet/rom/solid/comparison.hpp>

namespace linnet::tests {

inline fem::HotSpot spot_a() { return hot_spot(0.05, 0.50, 280); }
inline fem::HotSpot spot_b() { return hot_spot(0.95, 0.55, 280); }
inline fem::HotSpot spot_c() { return hot_spot(0.30, 0.25, 280); }

/// Loadings A, B and C of a blade, solved on all ranks and read from files by any of them.
struct BladeStudy {
  Blade blade;
  rom::SolidProducts products;
  std::vector<rom::TrainingLoading> seen;   ///< A and B
  std::vector<rom::TrainingLoading> unseen; ///< C

  /// Records when @p solve; reads what was recorded. Collective on @p comm.
  BladeStudy(MPI_Comm comm, std::array<PetscInt, 3> cells, const std::string& prefix, bool solve)
      : blade(comm, cells), products(*blade.model, fem::DisplacementProduct::l2) {
    const std::pair<const char*, fem::HotSpot> all[] = {
        {"A", spot_a()}, {"B", spot_b()}, {"C", spot_c()}};
    for (const auto& [name, spot] : all) {
      const std::string path = prefix + name + ".h5";
      if (solve) record(blade, blade.loading(spot), blade_times(), path);
      (*name == 'C' ? unseen : seen)
          .push_back(rom::read_training_loading(path, *blade.model, blade.materials.fingerprint()));
    }
  }
  [[nodiscard]] const rom::TrainingLoading& c() const { return unseen.front(); }
  [[nodiscard]] rom::SolidReducedModel train(const rom::TrainingOptions& options = {}) const {
    const std::vector<rom::TrainingPart> parts(seen.begin(), seen.end());
    return rom::train_reduced_model(*blade.model, products, parts, options);
  }
  [[nodiscard]] rom::OnlineHistory run(const rom::SolidReducedModel& model,
                                       const rom::TrainingLoading& loading) const {
    return rom::run_reduced(model, rom::QuadratureKind::ecm, loading.loading, loading.lifts, {});
  }
  [[nodiscard]] rom::SolidErrors errors(const rom::SolidReducedModel& model,
                                        const rom::TrainingLoading& loading,
                                        const rom::OnlineHistory& history) const {
    return rom::compare(rom::Reconstruction(model, loading.loading, loading.lifts), model, history,
                        loading.loading.times(), rom::states_of(loading, *blade.model));
  }
};

} // namespace linnet::tests
