// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/coarse/trunk_vectors.hpp>

#include <linnet/core/agreement.hpp>
#include <linnet/core/kokkos_session.hpp>
#include <linnet/linalg/dense_columns.hpp>
#include <linnet/nn/deeponet.hpp>

#include <algorithm>
#include <memory>

namespace linnet::coarse {

using core::Owned;
using core::Real3;
using linalg::LocalColumns;

namespace {

std::unique_ptr<nn::DeepONet> load(MPI_Comm comm, const std::string& file, int dimension,
                                   std::int64_t byte_limit) {
  LINNET_CHECK(core::ensure_kokkos());
  const nn::Model model = nn::load_model(comm, file, byte_limit);
  auto network = std::make_unique<nn::DeepONet>(model, file);
  if (network->parts().coordinates != dimension)
    core::throw_data(file + ": its trunk takes points of " +
                     std::to_string(network->parts().coordinates) +
                     " coordinates, and the grid of the matrix has " + std::to_string(dimension));
  return network;
}

} // namespace

bool has_table(MPI_Comm comm, const std::string& file, std::int64_t byte_limit) {
  return io::read_model(comm, file, nullptr, byte_limit).basis.contains("phi");
}

Owned<Mat> trunk_vectors(Mat matrix, const grid::GridMap& map, GridPoints points,
                         const std::string& file, PetscInt size, std::int64_t byte_limit) {
  const MPI_Comm comm = PetscObjectComm(reinterpret_cast<PetscObject>(matrix));
  const auto network = load(comm, file, map.dimension(), byte_limit);
  const std::vector<Real3> at = relative_points(matrix, map, points);
  std::vector<double> coordinates;
  for (const Real3& x : at)
    coordinates.insert(coordinates.end(), x.begin(), x.begin() + map.dimension());
  std::vector<double> values(at.size() * static_cast<std::size_t>(network->parts().basis));
  core::together(comm, [&] { network->basis(coordinates, values); });
  Owned<Mat> vectors = linalg::make_columns(comm, static_cast<PetscInt>(at.size()),
                                            std::min<PetscInt>(size, network->parts().basis));
  const LocalColumns to(vectors.get(), LocalColumns::Access::write);
  for (PetscInt j = 0; j < to.columns(); ++j)
    std::copy_n(values.data() + static_cast<std::size_t>(j) * at.size(), at.size(), to.column(j));
  return vectors;
}

} // namespace linnet::coarse
