// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/problems/operators/two_phase_darcy.hpp>

#include <linnet/core/text.hpp>
#include <linnet/problems/cells/cell_array.hpp>
#include <linnet/problems/random/random_field.hpp>

#include <cmath>

namespace linnet::problems {

namespace {

Owned<DM> node_grid(int nodes) {
  DM grid = nullptr;
  LINNET_CHECK(DMDACreate2d(PETSC_COMM_SELF, DM_BOUNDARY_NONE, DM_BOUNDARY_NONE, DMDA_STENCIL_STAR,
                            nodes, nodes, 1, 1, 1, 1, nullptr, nullptr, &grid));
  Owned<DM> owner(grid);
  LINNET_CHECK(DMSetUp(grid));
  return owner;
}

} // namespace

TwoPhaseDarcyOptions rough_darcy() {
  TwoPhaseDarcyOptions o;
  o.nodes = 512;
  o.low = 2.0;
  o.tau = std::sqrt(20.0);
  return o;
}

TwoPhaseDarcy::TwoPhaseDarcy(const TwoPhaseDarcyOptions& options)
    : DarcySampler(options.nodes, options.stride, 1.0), options_(options),
      grid_(node_grid(options.nodes)) {
  const auto positive = [](double v) { return std::isfinite(v) && v > 0.0; };
  if (!positive(options.low) || !positive(options.high))
    core::throw_usage("Darcy flow: the coefficients are " + core::number_text(options.low) +
                      " and " + core::number_text(options.high) + "; both must be positive");
  if (!positive(options.alpha) || !positive(options.tau))
    core::throw_usage("Darcy flow: alpha = " + core::number_text(options.alpha) +
                      ", tau = " + core::number_text(options.tau) + "; both must be positive");
}

std::string TwoPhaseDarcy::recipe() const {
  const auto number = [](double v) { return core::number_text(v); };
  return "Darcy flow -div(a grad u) = 1 on the unit square, u = 0 on the boundary; a = " +
         number(options_.high) + " where a Gaussian random field is >= 0, else " +
         number(options_.low) +
         "; field with the covariance (-Laplace + tau^2)^-alpha and natural conditions, alpha = " +
         number(options_.alpha) + ", tau = " + number(options_.tau) + "; " + method() + "; seed " +
         std::to_string(options_.seed);
}

std::vector<double> TwoPhaseDarcy::coefficient(std::uint64_t number) const {
  RandomFieldOptions field;
  field.alpha = options_.alpha;
  field.tau = options_.tau;
  field.seed = options_.seed;
  field.sample = number;
  field.points = FieldPoints::nodes;
  const Owned<Vec> g = make_cell_vector(grid_.get(), "field");
  LINNET_CHECK(fill_random_field(grid_.get(), {1.0, 1.0, 1.0}, field, g.get()));
  std::vector<double> a;
  const CellArray values(g.get(), owned_cells(grid_.get()), grid::Access::read);
  visit_cells(values.box(), [&](int i, int j, int) {
    a.push_back(values(i, j, 0) >= 0.0 ? options_.high : options_.low);
  });
  return a;
}

} // namespace linnet::problems
