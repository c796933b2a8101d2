// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/nn/directions/multichannel_cycle_graph.hpp>

#include <linnet/core/error.hpp>
#include <linnet/nn/directions/direction_graph.hpp>

namespace linnet::nn {

namespace {

class Builder {
public:
  explicit Builder(const MultichannelCycleOptions& options) : options_(options) {
    graph_.dimension = options.dimension;
    graph_.padding = options.padding;
    add("residual", "input", {});
    add("rows", "input", {}, {{"channels", channels_of(MatrixView::rows)}, {"constant", 1}});
    std::string medium = "rows";
    for (std::size_t l = 0; l < options.channels.size(); ++l) {
      const std::string level = std::to_string(l);
      const std::string linear =
          add("medium" + level, "conv", {medium},
              {{"channels", options.features}, {"stride", l > 0 ? 2 : 1}, {"fan_in_start", 1}});
      medium = add("features" + level, "gelu", {linear});
    }
  }

  Graph run() {
    const std::string u = cycle(0, "residual");
    graph_.output = options_.channels[0] == 1 ? u : convolve("direction", u, 1, 1);
    return std::move(graph_);
  }

private:
  std::string add(const std::string& id, const std::string& op, const std::vector<std::string>& in,
                  const std::map<std::string, int>& attributes = {}) {
    graph_.nodes.push_back({id, op, in, attributes});
    return id;
  }
  std::string convolve(const std::string& id, const std::string& x, int channels, int stride) {
    return add(id, "conv", {x},
               {{"channels", channels}, {"stride", stride}, {"bias", 0}, {"fan_in_start", 1}});
  }
  /// The same, scaled by the medium of grid @p level.
  std::string scaled(const std::string& id, const std::string& x, int channels, int level) {
    const std::string y = convolve(id, x, channels, 1);
    const std::string factor =
        add(id + ".factor", "conv", {"features" + std::to_string(level)},
            {{"channels", channels}, {"kernel", 1}, {"bias", 1}, {"fan_in_start", 1}});
    return add(id + ".sum", "add", {y, add(id + ".product", "multiply", {y, factor})});
  }

  [[nodiscard]] int channels(int level) const {
    return options_.channels[static_cast<std::size_t>(level)];
  }
  /// The residual has one channel, right-hand sides of coarse grids as many as their u.
  [[nodiscard]] int f_channels(int level) const { return level == 0 ? 1 : channels(level); }

  std::string residual(const std::string& name, const std::string& f, const std::string& u,
                       int level) {
    const std::string image = scaled(name + ".A", u, f_channels(level), level);
    return add(name + ".residual", "subtract", {f, image});
  }
  std::string smooth(const std::string& name, const std::string& f, const std::string& u,
                     int level) {
    const std::string r = residual(name, f, u, level);
    return add(name, "add", {u, scaled(name + ".S", r, channels(level), level)});
  }

  std::string cycle(int level, const std::string& f) {
    const std::string l = std::to_string(level);
    std::string u = scaled("pre" + l + ".1", f, channels(level), level);
    for (int s = 2; s <= options_.steps; ++s)
      u = smooth("pre" + l + "." + std::to_string(s), f, u, level);
    if (level + 1 < static_cast<int>(options_.channels.size())) {
      const std::string r = residual("down" + l, f, u, level);
      const std::string coarse = cycle(level + 1, convolve("R" + l, r, channels(level + 1), 2));
      const std::string correction = add("P" + l, "conv_transpose", {coarse},
                                         {{"channels", channels(level)},
                                          {"stride", 2},
                                          {"kernel", 3},
                                          {"bias", 0},
                                          {"fan_in_start", 1}});
      u = add("corrected" + l, "add", {u, correction});
    }
    for (int s = 1; s <= options_.steps; ++s)
      u = smooth("post" + l + "." + std::to_string(s), f, u, level);
    return u;
  }

  const MultichannelCycleOptions& options_;
  Graph graph_;
};

} // namespace

Graph multichannel_cycle_graph(const MultichannelCycleOptions& options) {
  const auto require = [](bool holds, const std::string& what) {
    if (!holds) core::throw_usage("multichannel_cycle_graph: " + what);
  };
  require(!options.channels.empty() && options.channels.size() <= 12, "needs 1 to 12 grids");
  for (const int c : options.channels) require(c >= 1, "channels must be positive");
  require(options.steps >= 1, "steps must be positive");
  require(options.features >= 1, "features must be positive");
  return Builder(options).run();
}

} // namespace linnet::nn
