// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// The integrals over the cells of a solid: law at the points, internal force, tangent stiffness.
///
/// One team per cell; nothing is allocated. On the CPU with the Serial space cells add to the
/// shared force one after the other, elsewhere by atomic additions.
#pragma once

#include <linnet/kernels/solid/cell_geometry.hpp>
#include <linnet/kernels/solid/scatter.hpp>
#include <linnet/kernels/solid/stiffness_block.hpp>
#include <linnet/kernels/solid/strain.hpp>
#include <linnet/kernels/solid/viscoplastic_law.hpp>

namespace linnet::kernels {

/// Materials, temperature and history at the points of a rank, point by point; copies share the
/// arrays.
struct SolidPoints {
  Array<int> cell_material;       ///< per cell: which of the materials
  Array<SolidMaterial> materials; ///< their tables lie in the kernels' memory
  Array<double> temperature;      ///< points
  Array<double> old_state;        ///< points x state_size, at the begin of the step
  Array<double> new_state;        ///< points x state_size, at its end
  Array<double> stress;           ///< points x 6, at the end of the step
  int state_size = 7;             ///< the largest of the materials' ones
};

/// What one pass over the cells does.
enum class CellTask {
  update,  ///< law: stress and new state
  force,   ///< the same, and the internal force
  tangent, ///< stiffness of each cell, with the law evaluated anew; changes no point
};

/// What a pass over the cells found.
struct CellSums {
  /// Sum over cells and their unknowns of (|force of the cell| + |thermal force of the cell|)^2:
  /// the square of the scale by which an equilibrium can be judged where no load is applied.
  double magnitude = 0;
  double failures = 0; ///< points whose law was not solved
};

namespace detail {

template <class Element, CellTask task>
struct CellKernel {
  using Policy = Kokkos::TeamPolicy<ExecutionSpace>;
  using Member = typename Policy::member_type;
  using Block = StiffnessBlock<Element>;
  static constexpr int size = 3 * Element::nodes;
  static constexpr bool stiff = task == CellTask::tangent;
  static constexpr int matrix = Block::rows * Block::pitch;
  static constexpr int per_point = stiff ? 36 : 8; ///< D, or w sigma (6), w p, w thermal stress
  static constexpr int align = 8;
  static constexpr int scratch = Block::pitch + per_point * Element::points + align +
                                 (stiff ? 2 * matrix + Block::pitch * Block::pitch : 0);

  CellGeometry geometry;
  SolidPoints points;
  const double* displacement;
  double dt;
  bool symmetric;
  double* result; ///< force: nodes x 3, added to; tangent: cells x size x size

  KOKKOS_INLINE_FUNCTION void operator()(const Member& team, double& magnitude,
                                         double& failures) const {
    const auto cell = static_cast<std::int64_t>(team.league_rank());
    auto address = reinterpret_cast<std::uintptr_t>(
        team.team_scratch(0).get_shmem(static_cast<std::size_t>(scratch) * sizeof(double)));
    address = (address + 63) / 64 * 64;
    double* u = reinterpret_cast<double*>(address); // NOLINT(performance-no-int-to-ptr)
    double* at_points = u + Block::pitch;
    const int* nodes = geometry.nodes.data() + cell * Element::nodes;
    Kokkos::parallel_for(Kokkos::TeamThreadRange(team, size),
                         [&](const int i) { u[i] = displacement[3 * nodes[i / 3] + i % 3]; });
    team.team_barrier();
    Kokkos::parallel_for(Kokkos::TeamThreadRange(team, Element::points), [&](const int q) {
      if (!law(cell, q, u, at_points + q * per_point)) failures += 1.0;
    });
    if constexpr (task == CellTask::update) return;
    team.team_barrier();
    if constexpr (task == CellTask::force)
      add_force(team, cell, at_points, magnitude);
    else
      stiffness(team, cell, at_points);
  }

  KOKKOS_INLINE_FUNCTION const double* mean_of(std::int64_t cell) const {
    return Element::bbar ? geometry.mean.data() + cell * size : nullptr;
  }

  /// The law at one point; false if it was not solved.
  KOKKOS_INLINE_FUNCTION bool law(std::int64_t cell, int q, const double* u, double* out) const {
    const std::int64_t point = cell * Element::points + q;
    const SolidMaterial& material = points.materials(points.cell_material(cell));
    const SolidParameters parameters = material.at(points.temperature(point));
    const ViscoplasticLaw<double> law{parameters, material.backstresses, material.yields,
                                      material.viscous, dt};
    double strain[6], stress[6];
    strain_at<Element>(u, geometry.gradients.data() + size * point,
                       geometry.mean.data() + cell * size, strain);
    const double* old = points.old_state.data() + points.state_size * point;
    if constexpr (stiff) {
      double next[most_state];
      const auto step = law.update(strain, old, next, stress);
      law.tangent(step, symmetric, out);
      return step.solved;
    } else {
      const auto step =
          law.update(strain, old, points.new_state.data() + points.state_size * point, stress);
      const double weight = geometry.weights(point);
      for (int i = 0; i < 6; ++i) {
        points.stress(6 * point + i) = stress[i];
        out[i] = weight * stress[i];
      }
      out[6] = (out[0] + out[1] + out[2]) / 3.0;
      out[7] = weight * 3.0 * parameters.bulk * parameters.thermal_strain;
      return step.solved;
    }
  }

  KOKKOS_INLINE_FUNCTION void add_force(const Member& team, std::int64_t cell,
                                        const double* at_points, double& magnitude) const {
    const int* nodes = geometry.nodes.data() + cell * Element::nodes;
    const double* mean = mean_of(cell);
    const double* gradients = geometry.gradients.data() + cell * Element::points * size;
    Kokkos::parallel_for(Kokkos::TeamThreadRange(team, Element::nodes), [&](const int a) {
      double f[3] = {}, thermal[3] = {};
      for (int q = 0; q < Element::points; ++q) {
        const double* s = at_points + q * per_point;
        const double* g = gradients + q * size + 3 * a;
        f[0] += s[0] * g[0] + s[3] * g[1] + s[4] * g[2];
        f[1] += s[3] * g[0] + s[1] * g[1] + s[5] * g[2];
        f[2] += s[4] * g[0] + s[5] * g[1] + s[2] * g[2];
        const double* volumetric = Element::bbar ? mean + 3 * a : g;
        for (int i = 0; i < 3; ++i) {
          if (Element::bbar) f[i] += s[6] * (volumetric[i] - g[i]);
          thermal[i] += s[7] * volumetric[i];
        }
      }
      for (int i = 0; i < 3; ++i) {
        add_shared(result + 3 * nodes[a] + i, f[i]);
        const double m = (f[i] < 0 ? -f[i] : f[i]) + (thermal[i] < 0 ? -thermal[i] : thermal[i]);
        magnitude += m * m;
      }
    });
  }

  KOKKOS_INLINE_FUNCTION void stiffness(const Member& team, std::int64_t cell,
                                        const double* at_points) const {
    double* b = const_cast<double*>(at_points) + per_point * Element::points;
    double* db = b + matrix;
    const double* mean = mean_of(cell);
    const double* gradients = geometry.gradients.data() + cell * Element::points * size;
    Kokkos::parallel_for(Kokkos::TeamThreadRange(team, Block::rows), [&](const int k) {
      Block::strain_row(k % 6, gradients + k / 6 * size, mean, b + k * Block::pitch);
    });
    team.team_barrier();
    Kokkos::parallel_for(Kokkos::TeamThreadRange(team, Block::rows), [&](const int k) {
      const int q = k / 6;
      Block::stress_row(k % 6, geometry.weights(cell * Element::points + q),
                        at_points + q * per_point, b + 6 * q * Block::pitch, db + k * Block::pitch);
    });
    team.team_barrier();
    double* to = result + cell * size * size;
    if constexpr (on_device) {
      Kokkos::parallel_for(Kokkos::TeamThreadRange(team, size * size),
                           [&](const int i) { to[i] = Block::entry(b, db, i / size, i % size); });
    } else {
      Kokkos::single(Kokkos::PerTeam(team),
                     [&] { Block::multiply(b, db, symmetric, db + matrix, to); });
    }
  }
};

} // namespace detail

/// One pass over the cells. @p displacement: nodes x 3. @p result: for `force` nodes x 3, added to;
/// for `tangent` the stiffness of each cell, row by row, cell by cell; for `update` nothing. All in
/// the kernels' memory.
template <class Element, CellTask task>
CellSums sweep_cells(const CellGeometry& geometry, const SolidPoints& points,
                     const double* displacement, double dt, bool symmetric, double* result) {
  using Kernel = detail::CellKernel<Element, task>;
  CellSums sums;
  if (geometry.cells == 0) return sums;
  const Kernel kernel{geometry, points, displacement, dt, symmetric, result};
  typename Kernel::Policy policy(geometry.cells, on_device ? 32 : 1);
  policy.set_scratch_size(0, Kokkos::PerTeam(Kernel::scratch * static_cast<int>(sizeof(double))));
  Kokkos::parallel_reduce("linnet::solid::cells", policy, kernel, sums.magnitude, sums.failures);
  return sums;
}

} // namespace linnet::kernels
