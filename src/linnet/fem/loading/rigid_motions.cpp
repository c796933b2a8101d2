// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/fem/loading/rigid_motions.hpp>

#include <linnet/linalg/symmetric_eigen.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>

namespace linnet::fem {
namespace {

using Motion = std::array<double, 6>; ///< factors of three translations and three rotations

/// Centre of the box around the mesh and half of its longest side.
std::array<double, 4> centre_and_radius(const Mesh& mesh) {
  double bounds[6]; // lowest coordinates, and highest with the sign turned
  std::fill_n(bounds, 6, HUGE_VAL);
  for (std::size_t i = 0; i < mesh.coordinates().size(); ++i) {
    bounds[i % 3] = std::min(bounds[i % 3], mesh.coordinates()[i]);
    bounds[3 + i % 3] = std::min(bounds[3 + i % 3], -mesh.coordinates()[i]);
  }
  MPI_Allreduce(MPI_IN_PLACE, bounds, 6, MPI_DOUBLE, MPI_MIN, mesh.comm());
  std::array<double, 4> result{};
  for (std::size_t d = 0; d < 3; ++d) {
    result[d] = 0.5 * (bounds[d] - bounds[3 + d]);
    result[3] = std::max(result[3], 0.5 * (-bounds[3 + d] - bounds[d]));
  }
  return result;
}

/// What the six motions do to component @p c at the place @p x, scaled to the size of the body.
Motion motions_at(const std::array<double, 3>& x, int c) {
  Motion m{};
  m[std::size_t(c)] = 1.0;
  // e_k x x, component c.
  for (int k = 0; k < 3; ++k) {
    const auto other = static_cast<std::size_t>(3 - c - k);
    if (c == (k + 1) % 3) m[std::size_t(3 + k)] = -x[other];
    if (c == (k + 2) % 3) m[std::size_t(3 + k)] = x[other];
  }
  return m;
}

std::string in_words(const Motion& motion) {
  const double turn = std::hypot(motion[3], motion[4], motion[5]);
  const std::size_t first = turn > 1e-3 ? 3 : 0;
  const double length = std::hypot(motion[first], motion[first + 1], motion[first + 2]);
  char text[120];
  // + 0.0 makes a zero of a negative one.
  std::snprintf(text, sizeof text, "it can %s (%.3g, %.3g, %.3g)",
                turn > 1e-3 ? "turn about the direction" : "move along",
                std::round(1e3 * motion[first] / length) / 1e3 + 0.0,
                std::round(1e3 * motion[first + 1] / length) / 1e3 + 0.0,
                std::round(1e3 * motion[first + 2] / length) / 1e3 + 0.0);
  return text;
}

} // namespace

std::string free_rigid_motion(const Mesh& mesh, std::span<const PetscInt> held_dofs) {
  const auto frame = centre_and_radius(mesh);
  std::vector<double> gram(36, 0.0);
  for (const PetscInt dof : held_dofs) {
    if (dof / 3 >= mesh.owned_nodes()) continue;
    std::array<double, 3> x;
    for (std::size_t d = 0; d < 3; ++d)
      x[d] = (mesh.coordinates()[std::size_t(dof / 3 * 3) + d] - frame[d]) / frame[3];
    const Motion m = motions_at(x, static_cast<int>(dof % 3));
    for (std::size_t i = 0; i < 6; ++i)
      for (std::size_t j = 0; j < 6; ++j) gram[6 * j + i] += m[i] * m[j];
  }
  MPI_Allreduce(MPI_IN_PLACE, gram.data(), 36, MPI_DOUBLE, MPI_SUM, mesh.comm());
  const auto eigen = linalg::symmetric_eigen(mesh.comm(), 6, gram);
  // What holds one motion by a lever of a millionth of the body is as good as nothing.
  if (eigen.values[5] > 1e-12 * std::max(1.0, eigen.values[0])) return "";
  Motion motion;
  std::copy_n(eigen.vectors.begin() + 30, 6, motion.begin());
  return in_words(motion);
}

} // namespace linnet::fem
