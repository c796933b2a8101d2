// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Finite volumes for -div(K grad u) + reaction u = f on a box of cells, K(x) = kappa(x) T.
///
/// Row i of the system is the balance of cell i, not divided by its volume:
///   reaction V u_i - sum over faces of the inflow = V f(x_i).
/// T diagonal: two-point fluxes with harmonic means of kappa, half-cell transmissibilities at
/// boundaries and walls (5- or 7-point). T with an off-diagonal entry (2-D): the multi-point flux
/// O-method with one gradient per quarter cell and the face values around each grid vertex
/// eliminated (9-point); on rectangles that is the Schur complement of a sum of positive quadratic
/// forms, so the matrix is symmetric and positive definite for every positive kappa and T, and
/// fields that are linear in each cell with continuous fluxes are reproduced exactly.
#pragma once

#include <linnet/core/space_time_function.hpp>
#include <linnet/kernels/stencil/stencil_pattern.hpp>
#include <linnet/problems/cells/cell_array.hpp>
#include <linnet/problems/diffusion/boundary.hpp>
#include <linnet/problems/diffusion/medium.hpp>

#include <optional>
#include <vector>

namespace linnet::problems {

/// What the surface of solid cells does.
enum class WallKind { no_flux, fixed_value };

/// What the mask holds: 0 in fluid cells, 1 in solid ones, 2 in cells that hold a value at their
/// centre. Solid and held cells have no unknown.
inline constexpr double held_cell = 2.0;
constexpr bool is_fluid(double mask) { return mask < 0.5; }
constexpr bool is_held(double mask) { return mask >= 1.5; }
constexpr bool is_solid(double mask) { return !is_fluid(mask) && !is_held(mask); }

/// The equation apart from kappa and the mask.
struct DiffusionModel {
  BoxCells grid;
  BoundaryConditions boundary;
  ConductivityTensor tensor;
  double reaction = 0.0;          ///< not negative
  core::SpaceTimeFunction source; ///< evaluated in all cells, not used in solid ones
  Vec source_field = nullptr;     ///< borrowed; cell values used in place of `source` when not NULL
  WallKind wall = WallKind::no_flux;
  double wall_value = 0.0;
  double held_value = 0.0; ///< u in held cells, which conduct like fluid; two-point fluxes only

  [[nodiscard]] kernels::StencilPattern pattern() const {
    if (grid.dim == 3) return kernels::StencilPattern::star3d;
    return tensor.xy != 0.0 ? kernels::StencilPattern::box2d : kernels::StencilPattern::star2d;
  }
  /// True when the DMDA needs the neighbours over corners.
  [[nodiscard]] bool needs_corners() const { return pattern() == kernels::StencilPattern::box2d; }
};

/// The discrete system in the form of kernels/stencil/stencil_pattern.hpp. Rows of solid and held
/// cells are those of the unit matrix with right-hand side 0, so that the unknown is exactly 0
/// there.
class DiffusionSystem {
public:
  /// Keeps a reference to @p cells (DMDA, dof 1, ghost width at least 1; corners if the model needs
  /// them). Collective. @throws core::Error (usage) for a model that makes no sense.
  DiffusionSystem(DM cells, DiffusionModel model);
  ~DiffusionSystem();
  DiffusionSystem(const DiffusionSystem&) = delete;
  DiffusionSystem& operator=(const DiffusionSystem&) = delete;

  /// Computes everything anew from @p kappa (positive in all fluid and held cells) and @p mask (0
  /// fluid, 1 solid, 2 held; NULL: all fluid), global vectors of the DMDA. Collective.
  void assemble(Vec kappa, Vec mask, double time);

  /// Turns the assembled operator A into @p theta A + @p mass in the fluid rows, as a time step
  /// needs; @p mass per cell. The right-hand side stays. Not collective.
  void make_step_operator(double theta, double mass);
  /// What make_step_operator() was given since the last assemble(), if anything.
  struct StepOperator {
    double theta, mass;
  };
  [[nodiscard]] const std::optional<StepOperator>& step_operator() const { return step_; }

  [[nodiscard]] const DiffusionModel& model() const { return model_; }
  [[nodiscard]] DM dm() const { return dm_; }
  [[nodiscard]] double time() const { return time_; }
  /// Global vectors, borrowed: kernels::coupling_count(pattern) of them, computed when asked for.
  /// Collective.
  [[nodiscard]] const std::vector<Vec>& couplings() const;
  /// Frees the couplings until they are asked for again: a matrix has its own. Collective.
  void release_couplings();
  [[nodiscard]] Vec row_sum() const { return row_sum_.get(); }
  [[nodiscard]] Vec rhs() const { return rhs_.get(); }
  /// kappa and mask with ghosts, as last assembled.
  [[nodiscard]] Vec ghosted_kappa() const { return kappa_.get(); }
  [[nodiscard]] Vec ghosted_mask() const { return mask_.get(); }
  /// Source density of cell (i,j,k) at the time of the last assemble(), not of solid cells.
  [[nodiscard]] double source_at(const CellArray* field, int i, int j, int k) const;

private:
  void assemble_sources();
  void compute_couplings() const;

  DM dm_ = nullptr;
  DiffusionModel model_;
  double time_ = 0.0;
  std::optional<StepOperator> step_;
  mutable std::vector<Owned<Vec>> couplings_;
  mutable std::vector<Vec> coupling_handles_;
  mutable bool has_couplings_ = false; ///< for the operator as it is
  Owned<Vec> row_sum_, rhs_, kappa_, mask_;
};

/// Calls visit(i, j, k, inflow) for every owned fluid cell, with the inflow of u through its faces
/// x_lo, x_hi, y_lo, y_hi, z_lo, z_hi (per unit time, not per area) for the solution @p u.
/// Collective.
using InflowVisitor = std::function<void(int i, int j, int k, const double (&inflow)[6])>;
void visit_inflows(const DiffusionSystem& system, Vec u, const InflowVisitor& visit);

namespace detail {
/// The two discretisations; each adds to row sum and right-hand side, or to couplings, which are
/// zero on entry, and evaluates the same fluxes.
void assemble_star(const DiffusionSystem& system);
void assemble_tensor(const DiffusionSystem& system);
void couple_star(const DiffusionSystem& system, const std::vector<Vec>& couplings);
void couple_tensor(const DiffusionSystem& system, const std::vector<Vec>& couplings);
void visit_star(const DiffusionSystem& system, Vec u, const InflowVisitor& visit);
void visit_tensor(const DiffusionSystem& system, Vec u, const InflowVisitor& visit);
} // namespace detail

} // namespace linnet::problems
