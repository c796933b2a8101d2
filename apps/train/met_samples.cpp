// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include "samples.hpp"

#include <linnet/io/vec_array.hpp>
#include <linnet/multigrid/pc_boxmg.hpp>
#include <linnet/nn/directions/direction_task.hpp>
#include <linnet/problems/samples/met_residuals.hpp>

namespace app {

using linnet::core::AppContext;
using linnet::core::Options;
using linnet::core::Owned;
using namespace linnet::problems;

namespace {

Owned<KSP> make_solver(const Tank& tank, PCType preconditioner) {
  KSP ksp = nullptr;
  PC pc = nullptr;
  LINNET_CHECK(KSPCreate(PETSC_COMM_SELF, &ksp));
  Owned<KSP> owner(ksp);
  LINNET_CHECK(KSPSetType(ksp, KSPCG));
  LINNET_CHECK(KSPSetOperators(ksp, tank.matrix(), tank.matrix()));
  LINNET_CHECK(KSPGetPC(ksp, &pc));
  LINNET_CHECK(PCSetType(pc, preconditioner));
  LINNET_CHECK(PCSetDM(pc, tank.grid()));
  return owner;
}

} // namespace

void write_met_samples(const AppContext& context, const GridOperator& a, const SampleRange& range,
                       linnet::nn::SampleWriter& writer) {
  const Options& options = context.options();
  const Tank& tank = *a.tank();
  const auto seed = static_cast<std::uint64_t>(options.integer64("-train_seed"));
  const auto points =
      options.integers_per_direction("-train_grid", options.integer("-train_dim"), 1);
  const Owned<KSP> method = make_solver(tank, options.choice("-train_met_pc").c_str()),
                   exact = make_solver(tank, PCBOXMG);
  const auto b = make_cell_vector(tank.grid(), "b"), r = make_cell_vector(tank.grid(), "r"),
             e = make_cell_vector(tank.grid(), "e");
  const auto write = [&](const char* field, std::int64_t sample, Vec values) {
    const linnet::io::VecReadArray array(values);
    writer.write(field, sample, {0, 0, 0}, points, array.data());
  };
  auto progress = matrix_progress(context, "samples", range.count);
  for (std::int64_t s = range.first; s < range.first + range.count; ++s) {
    const MetDraw draw =
        draw_met(seed, static_cast<std::uint64_t>(s), options.integer("-train_met_steps"));
    tank.fill_right_hand_side(draw.velocity, b.get());
    met_residual(method.get(), b.get(), draw.steps, r.get());
    solve_tightly(exact.get(), r.get(), e.get());
    write(linnet::nn::rhs_field, s, r.get());
    write(linnet::nn::solution_field, s, e.get());
    progress.step(s + 1 - range.first);
  }
}

} // namespace app
