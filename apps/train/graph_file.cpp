// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include "graph_file.hpp"

#include <linnet/core/agreement.hpp>

#include <fstream>
#include <sstream>

namespace app {

bool is_graph_file(const linnet::core::Options& options) {
  return options.string("-train_network").ends_with(".json");
}

linnet::nn::Graph read_graph_file(const linnet::core::AppContext& context) {
  const std::string path =
      context.find_file("-train_network", context.options().string("-train_network"));
  linnet::nn::Graph graph;
  linnet::core::together(context.comm(), [&] {
    std::ifstream file(path);
    std::stringstream text;
    text << file.rdbuf();
    if (!file) linnet::core::throw_data(path + ": cannot be read");
    graph = linnet::nn::graph_from_json(text.str(), path);
  });
  return graph;
}

} // namespace app
