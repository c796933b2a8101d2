// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// From options to the problem: grid, conductivity, solids, equation.
#pragma once

#include <linnet/core/app_runtime.hpp>
#include <linnet/problems/diffusion/diffusion.hpp>
#include <linnet/problems/diffusion/manufactured.hpp>
#include <linnet/problems/diffusion/null_space.hpp>
#include <linnet/problems/geometry/obstacles.hpp>
#include <linnet/problems/samples/random_velocity.hpp>

#include <memory>
#include <optional>

namespace app {

using linnet::core::AppContext;
using linnet::problems::Owned;

/// Everything that the options say about the problem. Vectors are global on `cells`.
struct Problem {
  linnet::problems::DiffusionModel model;
  Owned<DM> cells;
  Owned<Vec> medium; ///< kappa without the factor below
  Owned<Vec> kappa;  ///< medium * factor at the time of the last update_conductivity();
                     ///< the medium itself where there is no factor
  std::vector<linnet::problems::Obstacle> obstacles; ///< with the files found
  Owned<Vec> mask;   ///< 1 in solid cells, 2 in held ones; empty without any
  Owned<Vec> owners; ///< of moving obstacles: which of them a solid cell belongs to
  linnet::problems::WallMotion wall_motion; ///< with the owners, where obstacles move
  Owned<Vec> source_field;                  ///< of a source from a file or a random velocity
  std::optional<linnet::core::Expression> factor;
  std::optional<linnet::problems::Manufactured> manufactured;
  std::optional<linnet::problems::NonlinearLaw> law; ///< of -diffusion_nonlinear
  linnet::problems::Compatibility compatibility = linnet::problems::Compatibility::error;
  PetscInt solid_cells = 0;
  PetscInt held_cells = 0;
  bool has_warned_of_held = false; ///< that there are none
  PetscInt closed_cells = 0;       ///< single fluid cells without open face, made solid

  [[nodiscard]] std::int64_t cell_count() const;
  [[nodiscard]] std::int64_t fluid_cells() const { return cell_count() - solid_cells - held_cells; }
  /// True when kappa, sources or boundary data change in time.
  [[nodiscard]] bool changes_in_time() const;
  /// True when obstacles move.
  [[nodiscard]] bool moves() const { return bool(owners); }
};

/// True for time steps that each solve the steady equation, with the data at their time.
bool is_quasi_steady(const linnet::core::Options& options);

/// With the obstacles where they are at the time 0. Collective. Throws core::Error or returns
/// through PETSc's error path for wrong input.
std::unique_ptr<Problem> make_problem(const AppContext& context);

/// Moves the obstacles to where they are at @p time: mask, counts and a random source anew. Does
/// nothing where none moves. Collective.
void move_obstacles(const AppContext& context, Problem& problem, double time);

/// Sets kappa for the time @p t and refuses values that are not positive and finite. Collective.
void update_conductivity(Problem& problem, double t);

/// An expression option; empty when not given and without default.
std::optional<linnet::core::Expression> expression_option(const linnet::core::Options& options,
                                                          const char* name);

} // namespace app
