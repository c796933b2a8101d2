// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/multigrid/obstacle_weights_file.hpp>

#include <linnet/core/agreement.hpp>
#include <linnet/io/model_file.hpp>
#include <linnet/io/model_kind.hpp>

namespace linnet::multigrid {

namespace {

const char* const graph = R"({"cycle":"obstacle","version":1})";

void require_sound(const ObstacleWeights& weights, const std::string& path) {
  const std::string reason = reason_to_refuse(weights);
  if (!reason.empty())
    core::throw_data(path + ": " + reason +
                     "; train it with build/apps/train -train_network cycle");
}

} // namespace

bool is_obstacle_graph(const std::string& text) { return text == graph; }

std::map<std::string, io::Shape> obstacle_shapes() {
  std::map<std::string, io::Shape> result;
  for (const WeightBlock& block : weight_blocks())
    result[block.path] = {static_cast<std::int64_t>(block.members.size())};
  return result;
}

ObstacleWeights obstacle_weights_in(const io::ModelFile& file, const std::string& path) {
  std::vector<double> values;
  for (const WeightBlock& block : weight_blocks()) {
    const auto& array = file.parameters.at(block.path).values;
    values.insert(values.end(), array.begin(), array.end());
  }
  const ObstacleWeights weights = weights_from(values);
  require_sound(weights, path);
  return weights;
}

ObstacleModel read_obstacle_model(MPI_Comm comm, const std::string& path) {
  const io::ModelFile file = io::read_model(
      comm, path,
      [&](const std::string& text) {
        if (io::model_kind(text) != io::ModelKind::cycle)
          io::refuse_kind(path, text, "weights of the cycle around obstacles are needed here");
        if (!is_obstacle_graph(text))
          core::throw_data(path + ": is no model of a cycle, whose graph is " + graph);
        return obstacle_shapes();
      },
      cycle_model_bytes);
  return {obstacle_weights_in(file, path), file.provenance};
}

void write_obstacle_model(MPI_Comm comm, const std::string& path, const ObstacleModel& model) {
  io::ModelFile file;
  core::on_first_rank(comm, [&] {
    require_sound(model.weights, path);
    file.graph = graph;
    file.provenance = model.provenance;
    for (const WeightBlock& block : weight_blocks()) {
      io::ModelArray array{{static_cast<std::int64_t>(block.members.size())}, {}, "weight"};
      for (const auto member : block.members) array.values.push_back(model.weights.*member);
      file.parameters[block.path] = std::move(array);
    }
  });
  io::write_model(comm, path, file);
}

} // namespace linnet::multigrid
