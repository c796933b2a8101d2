// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include "run_state.hpp"

#include <linnet/core/model_fingerprint.hpp>
#include <linnet/fem/output/point_values.hpp>
#include <linnet/fem/support/vec_views.hpp>
#include <linnet/io/vec_array.hpp>

#include <algorithm>

namespace app {

using namespace linnet;

namespace {

/// The committed state of the model's points as a Vec.
core::Owned<Vec> point_state(const Problem& problem) {
  const std::vector<double> values = fem::host_values(problem.model->old_state());
  Vec vec = nullptr;
  LINNET_CHECK(VecCreateMPI(problem.mesh.comm(), static_cast<PetscInt>(values.size()),
                            PETSC_DETERMINE, &vec));
  core::Owned<Vec> state(vec);
  const io::VecWriteArray array(vec);
  std::copy(values.begin(), values.end(), array.data());
  return state;
}

void set_point_state(const Problem& problem, Vec state) {
  const kernels::Array<double>& target = problem.model->old_state();
  const auto host = Kokkos::create_mirror_view(target);
  const io::VecReadArray array(state);
  std::copy_n(array.data(), host.extent(0), host.data());
  Kokkos::deep_copy(target, host);
}

io::CheckpointState describe(const AppContext& context, const Problem& problem,
                             const RunState& run) {
  io::CheckpointState state;
  state.application = "solid";
  state.reals = {{"time", run.time}};
  state.integers = {{"step", run.done},
                    {"newton", run.newton},
                    {"linear", run.linear},
                    {"halvings", run.halvings}};
  state.strings = {{"model", core::model_fingerprint(context.options(), "-solid_")},
                   {"mesh", problem.mesh.fingerprint()},
                   {"materials", problem.materials.fingerprint()}};
  return state;
}

// Before the vectors, so that another mesh is named by its option and not as a wrong size.
void require_same_model(const AppContext& context, const Problem& problem, const RunState& run,
                        const std::string& path) {
  const auto mine = describe(context, problem, run);
  auto saved = mine;
  io::load_checkpoint(context.comm(), path, saved);
  std::string changes = core::model_changes(saved.strings["model"], mine.strings.at("model"));
  for (const auto& [name, what] :
       {std::pair{"mesh", "-solid_mesh: another mesh"},
        std::pair{"materials", "-solid_material: other values in the file"}})
    if (changes.empty() && saved.strings[name] != mine.strings.at(name)) changes = what;
  if (!changes.empty())
    context.options().fail("-solid_restart", path + " is of another problem: " + changes +
                                                 "; restart with the same, or start anew");
}

} // namespace

RunState::RunState(const Problem& problem) : u(fem::global_vector(problem.mesh.dm())) {}

void RunState::save(const AppContext& context, const Problem& problem,
                    const std::string& path) const {
  const auto points = point_state(problem);
  auto state = describe(context, problem, *this);
  state.vectors = {{"u", u.get()}, {"state", points.get()}};
  io::save_checkpoint(context.comm(), path, state);
}

void RunState::load(const AppContext& context, Problem& problem) {
  const std::string path =
      context.find_file("-solid_restart", context.options().string("-solid_restart"));
  require_same_model(context, problem, *this, path);
  const auto points = point_state(problem);
  auto state = describe(context, problem, *this);
  state.vectors = {{"u", u.get()}, {"state", points.get()}};
  io::load_checkpoint(context.comm(), path, state);
  set_point_state(problem, points.get());
  time = state.reals["time"];
  done = state.integers["step"];
  newton = state.integers["newton"];
  linear = state.integers["linear"];
  halvings = state.integers["halvings"];
  if (done >= static_cast<std::int64_t>(problem.times.size()))
    context.options().fail("-solid_restart", path + " is of a run that has done all of its " +
                                                 std::to_string(done) +
                                                 " steps; there is nothing to go on with");
}

} // namespace app
