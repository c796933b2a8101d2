// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
// Writes corpus/solid_snapshots/run.h5 and corpus/solid_archive/model.h5 below the folder that it
// is given.
#include "solid_case.hpp"
#include "target.hpp"

#include <linnet/fem/support/vec_views.hpp>
#include <linnet/rom/solid/archive.hpp>

#include <cmath>
#include <string>

namespace {

using namespace linnet;

/// One temperature, one force, a held side; the fields themselves are of no account here.
rom::DecomposedLoading loading(const fuzz::SolidCase& solid) {
  const std::vector<double> times{0, 1, 2, 3, 4};
  const PetscInt unknowns = 3 * solid.mesh.owned_nodes();
  rom::LoadTerms temperature{linalg::ColumnStore(PETSC_COMM_SELF, solid.model.points()), {}},
      force{linalg::ColumnStore(PETSC_COMM_SELF, unknowns), {}},
      held{linalg::ColumnStore(PETSC_COMM_SELF, unknowns), {}};
  for (double& t : temperature.fields.append()) t = 20.0;
  temperature.factors.assign(times.size(), 1.0);
  for (double& f : force.fields.append()) f = 0.5;
  force.factors = times;
  std::vector<double> flags(static_cast<std::size_t>(unknowns), 0.0);
  for (std::size_t i = 0; i < 12; ++i) flags[i] = 1.0;
  return {times, std::move(temperature), std::move(force), std::move(held), std::move(flags)};
}

void write_snapshots(fuzz::SolidCase& solid, const std::string& path) {
  Kokkos::deep_copy(solid.model.temperature(), 20.0);
  rom::SnapshotWriter writer(path, solid.model, solid.materials.fingerprint(), loading(solid));
  const core::Owned<Vec> u = fem::global_vector(solid.mesh.dm());
  for (int step = 1; step <= 4; ++step) {
    {
      const fem::HostValues to(u.get());
      for (PetscInt i = 12; i < 3 * solid.mesh.owned_nodes(); ++i)
        to[i] = 5e-4 * step * std::sin(0.7 * i + 0.2 * step * i);
    }
    solid.model.update(u.get(), 1.0);
    solid.model.commit();
    writer.append(solid.model, u.get());
  }
  writer.close();
}

void write_model(fuzz::SolidCase& solid, const std::string& snapshots, const std::string& path) {
  const std::string materials = solid.materials.fingerprint();
  const auto training = rom::read_training_loading(snapshots, solid.model, materials);
  const std::vector<rom::TrainingPart> parts{training};
  rom::TrainingOptions options;
  options.basis.plastic_strain_tolerance = 0.1;
  auto model = rom::train_reduced_model(solid.model, solid.products, parts, options);
  std::vector<rom::IndicatorPair> pairs;
  for (int i = 1; i <= 24; ++i) pairs.push_back({0.01 * i, 0.015 * i * (1 + i % 2)});
  model.set_calibration(rom::Calibration::fit(pairs, {}));
  rom::OnlineHistory history;
  history.name = "run";
  for (int k = 0; k < 3; ++k) {
    rom::OnlineStep step;
    step.time = k;
    step.displacement = {0.1 * k};
    step.plastic_strain = {0.2 * k};
    step.high_fidelity = k == 2;
    history.steps.push_back(step);
  }
  rom::write_archive(path, model, materials, {"-rom_tol_p 0.1", {history}});
}

} // namespace

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  LLVMFuzzerInitialize(&argc, &argv);
  const std::string folder = argv[1], snapshots = folder + "/solid_snapshots/run.h5";
  fuzz::SolidCase& solid = fuzz::SolidCase::once();
  write_snapshots(solid, snapshots);
  write_model(solid, snapshots, folder + "/solid_archive/model.h5");
  return 0;
}
