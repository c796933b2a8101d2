// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/coarse/trunk_vectors.hpp>

#include <linnet/core/agreement.hpp>
#include <linnet/core/kokkos_session.hpp>
#include <linnet/linalg/dense_columns.hpp>
#include <linnet/nn/deeponet/deeponet.hpp>
#include <linnet/nn/network/operation.hpp>

#include <algorithm>
#include <memory>

namespace linnet::coarse {

using core::Owned;
using core::Real3;
using grid::relative_points;
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

/// A table of modes stands where a trunk would be; what is no graph at all has none.
bool has_trunk(const std::string& text, const std::string& file) {
  try {
    const nn::Graph graph = nn::graph_from_json(text, file);
    const auto has = [&](const char* op) {
      return std::any_of(graph.nodes.begin(), graph.nodes.end(),
                         [&](const auto& node) { return node.op == op; });
    };
    return has(nn::inner_product_name) && !has("table");
  } catch (const core::Error&) {
    return false;
  }
}

} // namespace

bool is_only_tabulated(MPI_Comm comm, const std::string& file, std::int64_t byte_limit) {
  const io::ModelFile model = io::read_model(comm, file, nullptr, byte_limit);
  return model.basis.contains("phi") && !has_trunk(model.graph, file);
}

Owned<Mat> trunk_vectors(Mat matrix, const grid::GridMap& map, GridPoints points,
                         const std::string& file, PetscInt size, std::int64_t byte_limit) {
  const MPI_Comm comm = PetscObjectComm(reinterpret_cast<PetscObject>(matrix));
  const auto network = load(comm, file, map.dimension(), byte_limit);
  const std::vector<Real3> at = relative_points(matrix, map, points);
  std::vector<double> values;
  core::together(comm, [&] { values = network->basis_at(at); });
  Owned<Mat> vectors = linalg::make_columns(comm, static_cast<PetscInt>(at.size()),
                                            std::min<PetscInt>(size, network->parts().basis));
  const LocalColumns to(vectors.get(), LocalColumns::Access::write);
  for (PetscInt j = 0; j < to.columns(); ++j)
    std::copy_n(values.data() + static_cast<std::size_t>(j) * at.size(), at.size(), to.column(j));
  return vectors;
}

} // namespace linnet::coarse
