// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/multigrid/cycle_model_file.hpp>

#include <linnet/core/agreement.hpp>
#include <linnet/io/model_file.hpp>
#include <linnet/io/model_kind.hpp>
#include <linnet/multigrid/obstacle_weights_file.hpp>

#include <algorithm>

namespace linnet::multigrid {

namespace {

std::string graph_of(int dimension) {
  return R"({"cycle":"interpolation","dimension":)" + std::to_string(dimension) +
         R"(,"version":1})";
}

/// 0 for the graph of anything else.
int dimension_of(const std::string& graph) {
  return graph == graph_of(2) ? 2 : graph == graph_of(3) ? 3 : 0;
}

std::map<std::string, io::Shape> interpolation_shapes() {
  std::map<std::string, io::Shape> result;
  for (const InterpolationBlock& block : interpolation_blocks()) result[block.name] = block.shape;
  return result;
}

InterpolationWeights interpolation_in(const io::ModelFile& file) {
  InterpolationWeights weights{dimension_of(file.graph), {}};
  weights.values.resize(kernels::InterpolationNetwork::count);
  for (const InterpolationBlock& block : interpolation_blocks()) {
    const auto& values = file.parameters.at(block.name).values;
    std::copy(values.begin(), values.end(),
              weights.values.begin() + static_cast<std::ptrdiff_t>(block.offset));
  }
  return weights;
}

} // namespace

CycleModel read_cycle_model(MPI_Comm comm, const std::string& path) {
  const io::ModelFile file = io::read_model(
      comm, path,
      [&](const std::string& graph) {
        if (is_obstacle_graph(graph)) return obstacle_shapes();
        if (dimension_of(graph) > 0) return interpolation_shapes();
        if (io::model_kind(graph) != io::ModelKind::cycle)
          io::refuse_kind(path, graph, "-pc_mgno_model takes weights of a multigrid cycle");
        core::throw_data(path + ": is no model of a cycle that this version knows, its graph is " +
                         graph.substr(0, 80) + "; train it anew with build/apps/train");
      },
      cycle_model_bytes);
  CycleModel model;
  if (dimension_of(file.graph) > 0)
    model.interpolation = interpolation_in(file);
  else
    model.obstacles = obstacle_weights_in(file, path);
  return model;
}

InterpolationModel read_interpolation_model(MPI_Comm comm, const std::string& path) {
  const io::ModelFile file = io::read_model(
      comm, path,
      [&](const std::string& graph) {
        if (io::model_kind(graph) != io::ModelKind::cycle)
          io::refuse_kind(path, graph, "weights of an interpolation are needed here");
        if (dimension_of(graph) == 0)
          core::throw_data(path + ": is no model of an interpolation, whose graph is " +
                           graph_of(2) + " or " + graph_of(3));
        return interpolation_shapes();
      },
      cycle_model_bytes);
  return {interpolation_in(file), file.provenance};
}

void write_interpolation_model(MPI_Comm comm, const std::string& path,
                               const InterpolationModel& model) {
  io::ModelFile file;
  core::on_first_rank(comm, [&] {
    file.graph = graph_of(model.weights.dimension);
    file.provenance = model.provenance;
    for (const InterpolationBlock& block : interpolation_blocks()) {
      const auto first = model.weights.values.begin() + static_cast<std::ptrdiff_t>(block.offset);
      file.parameters[block.name] = {
          block.shape,
          std::vector<double>(first, first + static_cast<std::ptrdiff_t>(block.size())),
          block.shape.size() > 1 || block.name == "output/weight" ? "weight" : "bias"};
    }
  });
  io::write_model(comm, path, file);
}

} // namespace linnet::multigrid
