// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include "held_out_media.hpp"

#include <linnet/core/agreement.hpp>
#include <linnet/core/random.hpp>
#include <linnet/multigrid/pc_boxmg_data.hpp>
#include <linnet/multigrid/pc_mgno.hpp>
#include <linnet/problems/cells/box_cells.hpp>
#include <linnet/problems/cells/cell_array.hpp>

#include <algorithm>
#include <cmath>

namespace app {

using linnet::core::Owned;
using linnet::multigrid::InterpolationWeights;
using linnet::multigrid::LearnedInterpolation;

namespace {

constexpr double tolerance = 1e-8;
constexpr int most_iterations = 1000;

/// Normal deviates by the seed @p number.
Owned<Vec> right_hand_side(DM grid, std::int64_t number) {
  auto rhs = linnet::problems::make_cell_vector(grid, "rhs");
  const linnet::core::RandomStream random(static_cast<std::uint64_t>(number), 0);
  const auto box = linnet::problems::owned_cells(grid);
  const linnet::problems::CellArray values(rhs.get(), box, linnet::grid::Access::read_write);
  std::uint64_t place = 0;
  linnet::problems::visit_cells(
      box, [&](int i, int j, int k) { values(i, j, k) = random.normal(place++); });
  return rhs;
}

struct Solve {
  double iterations = 0.0; ///< steps of CG; most_iterations if it takes more
  double active = 0.0;     ///< 1 if a network shifts the interpolation
};

Solve solve(DM grid, Mat a, Vec rhs, const LearnedInterpolation& learned) {
  KSP ksp = nullptr;
  PC pc = nullptr;
  LINNET_CHECK(KSPCreate(PETSC_COMM_SELF, &ksp));
  const Owned<KSP> owner(ksp);
  LINNET_CHECK(KSPSetType(ksp, KSPCG));
  LINNET_CHECK(KSPSetNormType(ksp, KSP_NORM_UNPRECONDITIONED));
  LINNET_CHECK(KSPSetOperators(ksp, a, a));
  LINNET_CHECK(KSPSetTolerances(ksp, tolerance, 1e-300, PETSC_DEFAULT, most_iterations));
  LINNET_CHECK(KSPGetPC(ksp, &pc));
  LINNET_CHECK(PCSetType(pc, PCMGNO));
  LINNET_CHECK(PCSetDM(pc, grid));
  LINNET_CHECK(linnet::multigrid::PCBoxMGSetInterpolation(pc, learned));
  Vec x = nullptr;
  LINNET_CHECK(VecDuplicate(rhs, &x));
  const Owned<Vec> solution(x);
  LINNET_CHECK(KSPSolve(ksp, rhs, x));
  PetscInt taken = 0;
  LINNET_CHECK(KSPGetIterationNumber(ksp, &taken));
  const bool active = linnet::multigrid::boxmg_data(pc)->preconditioner->uses_network();
  return {static_cast<double>(taken), active ? 1.0 : 0.0};
}

} // namespace

int HeldOutMedia::worst(const std::vector<double>& iterations) const {
  double most = -1e9;
  for (std::size_t i = 0; i < iterations.size(); ++i)
    most = std::max(most, iterations[i] - black_box[i]);
  return static_cast<int>(most);
}

double HeldOutMedia::active_part(int of_kind) const {
  double part = 0.0, count = 0.0;
  for (std::size_t i = 0; i < active.size(); ++i)
    if (static_cast<int>(kind[i]) == of_kind) part += active[i], count += 1.0;
  return count > 0.0 ? part / count : 0.0;
}

double HeldOutMedia::median_gain(int of_kind) const {
  std::vector<double> ratios;
  for (std::size_t i = 0; i < guarded.size(); ++i)
    if (static_cast<int>(kind[i]) == of_kind)
      ratios.push_back(black_box[i] / std::max(guarded[i], 1.0));
  if (ratios.empty()) return 1.0;
  const auto middle = ratios.begin() + static_cast<std::ptrdiff_t>(ratios.size() / 2);
  std::nth_element(ratios.begin(), middle, ratios.end());
  return *middle;
}

HeldOutMedia judge_interpolation(MPI_Comm comm, const MediaOptions& media, std::int64_t first,
                                 int count, int scale, const InterpolationWeights& weights) {
  MediaOptions larger = media;
  for (int d = 0; d < media.dim; ++d) larger.cells[static_cast<std::size_t>(d)] *= scale;
  int rank = 0, ranks = 1;
  MPI_Comm_rank(comm, &rank);
  MPI_Comm_size(comm, &ranks);
  HeldOutMedia result;
  const auto all = {&result.kind,    &result.contrast, &result.black_box,
                    &result.trained, &result.guarded,  &result.active};
  for (auto* values : all) values->assign(static_cast<std::size_t>(count), 0.0);
  linnet::core::together(comm, [&] {
    for (int m = rank; m < count; m += ranks) {
      const auto at = static_cast<std::size_t>(m);
      const RandomMedium medium(larger, first + m);
      const auto a = medium.matrix();
      const auto rhs = right_hand_side(medium.grid(), first + m);
      result.kind[at] = static_cast<double>(
          std::find(media.kinds.begin(), media.kinds.end(), medium.kind()) - media.kinds.begin());
      result.contrast[at] = medium.contrast();
      const auto with = [&](const LearnedInterpolation& learned) {
        return solve(medium.grid(), a.get(), rhs.get(), learned);
      };
      result.black_box[at] = with({}).iterations;
      result.trained[at] = with({weights, false}).iterations;
      const Solve guarded = with({weights, true});
      result.guarded[at] = guarded.iterations;
      result.active[at] = guarded.active;
    }
  });
  // One rank has each of them, the others add 0.
  for (auto* values : all)
    MPI_Allreduce(MPI_IN_PLACE, values->data(), count, MPI_DOUBLE, MPI_SUM, comm);
  return result;
}

} // namespace app
