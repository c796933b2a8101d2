// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
// Writes corpus/solid_snapshots/run.h5, corpus/solid_archive/model.h5 and
// corpus/solid_checkpoint/run.h5 below the folder that it is given.
#include "adaptive_case.hpp"
#include "target.hpp"

#include <linnet/fem/support/vec_views.hpp>
#include <linnet/rom/solid/adaptive_checkpoint.hpp>

#include <cmath>
#include <string>

namespace {

using namespace linnet;

void write_snapshots(fuzz::SolidCase& solid, const std::string& path) {
  Kokkos::deep_copy(solid.model.temperature(), 20.0);
  rom::SnapshotWriter writer(path, solid.model, solid.materials.fingerprint(), solid.loading());
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

rom::SolidReducedModel write_model(fuzz::SolidCase& solid, const std::string& snapshots,
                                   const std::string& path) {
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
  return model;
}

/// Two steps of a run with two calls; nothing is solved.
void write_checkpoint(fuzz::SolidCase& solid, rom::SolidReducedModel& model,
                      const std::string& path) {
  fuzz::AdaptiveCase online(solid);
  rom::AdaptiveRun run = online.run(model);
  run.start();
  rom::AdaptiveState state = run.state();
  for (int step = 1; step <= 2; ++step) {
    rom::OnlineStep end = state.history.steps.front();
    end.time = step;
    end.iterations = 3;
    end.high_fidelity = true;
    end.plastic_strain = {0.1 * step};
    state.history.steps.push_back(end);
    rom::HighFidelityCall call;
    call.step = step;
    call.reason = rom::CallReason::estimate;
    call.indicator = 0.1;
    call.estimate = 0.5;
    state.costs.calls.push_back(call);
  }
  state.costs.pre_enrichment_steps = {4};
  state.mesh_step = 2;
  run.resume(std::move(state));
  rom::save_adaptive_run(path, run, solid.materials.fingerprint(), {}, "two cubes");
}

} // namespace

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  LLVMFuzzerInitialize(&argc, &argv);
  const std::string folder = argv[1], snapshots = folder + "/solid_snapshots/run.h5";
  fuzz::SolidCase& solid = fuzz::SolidCase::once();
  write_snapshots(solid, snapshots);
  rom::SolidReducedModel model = write_model(solid, snapshots, folder + "/solid_archive/model.h5");
  write_checkpoint(solid, model, folder + "/solid_checkpoint/run.h5");
  return 0;
}
