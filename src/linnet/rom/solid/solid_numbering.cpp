// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/rom/solid/solid_numbering.hpp>

namespace linnet::rom {

SolidNumbering::SolidNumbering(const fem::SolidModel& model) : points(model.point_ids()) {
  const fem::Mesh& mesh = model.mesh();
  PetscInt end = mesh.owned_nodes(), begin = 0;
  MPI_Exscan(&end, &begin, 1, MPIU_INT, MPI_SUM, mesh.comm());
  int rank = 0;
  MPI_Comm_rank(mesh.comm(), &rank);
  if (rank == 0) begin = 0; // left undefined by MPI_Exscan
  unknowns.resize(3 * static_cast<std::size_t>(mesh.owned_nodes()));
  for (PetscInt i = 0; i < mesh.owned_nodes(); ++i) {
    const auto node = static_cast<std::size_t>(i);
    const auto place = static_cast<std::size_t>(mesh.global_nodes()[node] - begin);
    for (std::size_t c = 0; c < 3; ++c)
      unknowns[3 * place + c] =
          3 * static_cast<std::int64_t>(mesh.original_nodes()[node]) + static_cast<std::int64_t>(c);
  }
  components.reserve(6 * points.size());
  for (const std::int64_t point : points)
    for (std::int64_t c = 0; c < 6; ++c) components.push_back(6 * point + c);
}

} // namespace linnet::rom
