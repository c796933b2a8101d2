// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/fem/loading/nodal_field.hpp>

#include <linnet/core/agreement.hpp>
#include <linnet/fem/mesh/mesh.hpp>
#include <linnet/io/file_order.hpp>

#include <cmath>

namespace linnet::fem {
namespace {

void require_mesh(const io::H5File& file, const Mesh& mesh) {
  if (!file.has_attribute("/", "grid")) return;
  const std::string grid = file.read_string("/", "grid");
  if (grid.find(mesh.fingerprint()) == std::string::npos)
    core::throw_data(file.path() + ": is of another mesh, '" + grid +
                     "', than this one with the fingerprint " + mesh.fingerprint() +
                     "; interpolate the field to the nodes of this mesh");
}

} // namespace

std::vector<double> nodal_values(const Mesh& mesh, const core::Expression& value) {
  std::vector<double> values(static_cast<std::size_t>(mesh.nodes()));
  core::together(mesh.comm(), [&] {
    for (std::size_t i = 0; i < values.size(); ++i) {
      const double* x = mesh.coordinates().data() + 3 * i;
      values[i] = value({x[0], x[1], x[2]});
      if (!std::isfinite(values[i]))
        core::throw_usage("'" + value.text() + "' is not finite at node " +
                          std::to_string(mesh.original_nodes()[i]) + " (" + std::to_string(x[0]) +
                          ", " + std::to_string(x[1]) + ", " + std::to_string(x[2]) + ")");
    }
  });
  return values;
}

std::vector<double> read_nodal_field(const Mesh& mesh, const std::string& source) {
  const std::size_t colon = source.rfind(":/");
  if (colon == std::string::npos)
    core::throw_usage("'" + source + "' must name a dataset: file.h5:/dataset");
  const std::string path = source.substr(0, colon), dataset = source.substr(colon + 1);
  const io::H5File file = io::H5File::open(mesh.comm(), path);
  file.require(dataset, {mesh.all_nodes()});
  require_mesh(file, mesh);
  const auto original = mesh.original_nodes();
  const io::FileOrder order(mesh.comm(), mesh.all_nodes(),
                            std::vector<std::int64_t>(original.begin(), original.end()));
  std::vector<double> block(static_cast<std::size_t>(order.end() - order.begin()));
  file.read(dataset, order.slab(), block.data());
  core::together(mesh.comm(), [&] {
    for (std::size_t i = 0; i < block.size(); ++i)
      if (!std::isfinite(block[i]))
        core::throw_data(path + ": dataset '" + dataset + "' holds " + std::to_string(block[i]) +
                         " at node " +
                         std::to_string(order.begin() + static_cast<std::int64_t>(i)) +
                         "; all values must be finite");
  });
  return order.from_file(block, 1);
}

} // namespace linnet::fem
