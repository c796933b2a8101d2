// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Points, weights and strains of modes that a reduced solid is integrated with.
#pragma once

#include <linnet/rom/solid/reduced_model.hpp>

#include <mpi.h>

#include <span>
#include <vector>

namespace linnet::rom {

/// In the order of the choices of `-rom_quadrature ecm|full`.
enum class QuadratureKind {
  ecm,  ///< the points of the model, all of them on every rank: nothing is communicated
  full, ///< every rank its points of the mesh, with one sum over the ranks an iteration
};

/// Refers to the model it was made of, until that is updated or appended to.
struct ReducedQuadrature {
  QuadratureKind kind = QuadratureKind::ecm;
  MPI_Comm comm = MPI_COMM_SELF; ///< sums run over its ranks
  std::size_t modes = 0;
  std::vector<double> weights;            ///< one for each point
  std::vector<int> materials;             ///< likewise
  std::span<const double> strains;        ///< 6 points x modes by columns, tensor components
  const fem::SolidModel* model = nullptr; ///< for its materials

  [[nodiscard]] std::size_t points() const { return weights.size(); }
};

/// Not collective.
ReducedQuadrature quadrature_of(const SolidReducedModel& model, QuadratureKind kind);

} // namespace linnet::rom
