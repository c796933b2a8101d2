// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/nn/fields/mgno_graph.hpp>

#include <linnet/core/error.hpp>

namespace linnet::nn {

namespace {

using Attributes = std::map<std::string, int>;

/// The points of every grid.
std::vector<core::Index3> grids_of(const MgnoOptions& o) {
  std::vector<core::Index3> grids;
  const int levels = static_cast<int>(o.channels.size());
  for (int l = 0; l < levels; ++l)
    grids.push_back(Domain::coarse_points(o.points, l, o.padding, o.coarsening));
  return grids;
}

/// Appends nodes to a graph; names begin with the layer's.
class Builder {
public:
  explicit Builder(const MgnoOptions& options) : options_(options), grids_(grids_of(options)) {
    graph_.dimension = options.dimension;
    graph_.padding = options.padding;
    graph_.coarsening = options.coarsening;
  }

  void begin_layer(const std::string& name) { prefix_ = name + "."; }
  std::string add(const std::string& name, const std::string& op,
                  const std::vector<std::string>& in, const Attributes& attributes = {}) {
    graph_.nodes.push_back({prefix_ + name, op, in, attributes});
    return graph_.nodes.back().id;
  }
  /// A convolution of 3 points; with stride 2 it leads to the next coarser grid, and has no bias.
  std::string convolve(const std::string& name, const std::string& x, int channels, int stride) {
    return add(name, "conv", {x},
               {{"channels", channels},
                {"stride", stride},
                {"bias", stride == 1 && options_.bias ? 1 : 0},
                {"fan_in_start", 1}});
  }
  /// P from grid @p level + 1 to @p level.
  std::string prolong(const std::string& name, const std::string& x, int channels, int level) {
    Attributes attributes{{"channels", channels},
                          {"stride", 2},
                          {"kernel", prolongation_extent(level)},
                          {"bias", 0},
                          {"fan_in_start", 1}};
    if (options_.crop) attributes["crop"] = 1;
    return add(name, "conv_transpose", {x}, attributes);
  }
  /// A matrix over the channels.
  std::string mix(const std::string& name, const std::string& x, int channels, bool bias) {
    return add(
        name, "conv", {x},
        {{"channels", channels}, {"kernel", 1}, {"bias", bias ? 1 : 0}, {"fan_in_start", 1}});
  }
  std::string normalise(const std::string& name, const std::string& x, int level) {
    const core::Index3& n = grids_[static_cast<std::size_t>(level)];
    Attributes extents;
    const char* const keys[] = {"nx", "ny", "nz"};
    for (int d = 0; d < options_.dimension; ++d) extents[keys[d]] = n[d];
    return add(name, "field_norm", {x}, extents);
  }
  Graph finish(const std::string& output) {
    graph_.output = output;
    return std::move(graph_);
  }

private:
  /// One extent for all directions, as kernels have.
  [[nodiscard]] int prolongation_extent(int level) const {
    const core::Index3& n = grids_[static_cast<std::size_t>(level)];
    for (int d = 1; d < options_.dimension; ++d)
      if (n[d] % 2 != n[0] % 2)
        core::throw_usage("mgno: points " + std::to_string(n[0]) + " and " + std::to_string(n[d]) +
                          " of grid " + std::to_string(level) +
                          " are not both even or both odd, which its prolongation needs");
    return n[0] % 2 == 0 ? 4 : 3;
  }

  const MgnoOptions& options_;
  std::vector<core::Index3> grids_;
  Graph graph_;
  std::string prefix_;
};

/// W of one layer, from @p in channels to @p out times those of the options' grids.
class Cycle {
public:
  Cycle(Builder& build, const MgnoOptions& options, std::vector<int> f_channels,
        std::vector<int> u_channels)
      : build_(build), options_(options), f_channels_(std::move(f_channels)),
        u_channels_(std::move(u_channels)) {}

  std::string run(const std::string& f) { return descend(0, f, ""); }

private:
  [[nodiscard]] int coarsest() const { return static_cast<int>(u_channels_.size()) - 1; }
  static int at(const std::vector<int>& list, int level) {
    return list[static_cast<std::size_t>(level)];
  }
  static std::string name(const std::string& what, int level, int step = 0) {
    return what + std::to_string(level) + (step > 0 ? "." + std::to_string(step) : "");
  }

  /// From the start @p u, or from zero where there is none.
  std::string descend(int level, const std::string& f, std::string u) {
    const auto [pre, post] = options_.steps[static_cast<std::size_t>(level)];
    int step = 0;
    for (int i = 0; i < pre; ++i) u = smooth(level, ++step, f, u);
    if (level == coarsest()) return u;
    const std::string coarse = correction(level, f, u);
    u = build_.add(name("sum", level), "add", {u, coarse});
    if (options_.norm == MgnoNorm::correction) u = build_.normalise(name("norm", level), u, level);
    for (int i = 0; i < post; ++i) u = smooth(level, ++step, f, u);
    return u;
  }

  std::string smooth(int level, int step, const std::string& f, const std::string& u) {
    const std::string s = name("S", level, step);
    if (u.empty()) {
      const std::string first = build_.convolve(s, f, at(u_channels_, level), 1);
      if (options_.first_operator)
        build_.convolve(name("A", level, step), first, at(f_channels_, level), 1);
      return first;
    }
    const std::string r = residual(level, name("A", level, step), f, u);
    return build_.add(name("u", level, step), "add",
                      {build_.convolve(s, r, at(u_channels_, level), 1), u});
  }

  std::string residual(int level, const std::string& a, const std::string& f,
                       const std::string& u) {
    return build_.add(a + ".residual", "subtract",
                      {f, build_.convolve(a, u, at(f_channels_, level), 1)});
  }

  std::string correction(int level, const std::string& f, const std::string& u) {
    const int f_below = at(f_channels_, level + 1), u_below = at(u_channels_, level + 1);
    std::string coarse;
    if (options_.restrict_residual) {
      const std::string r = residual(level, name("A", level) + ".restricted", f, u);
      coarse = descend(level + 1, build_.convolve(name("R", level), r, f_below, 2), "");
    } else {
      const std::string start = build_.convolve(name("Pi", level), u, u_below, 2);
      coarse = descend(level + 1, build_.convolve(name("R", level), f, f_below, 2), start);
    }
    return build_.prolong(name("P", level), coarse, at(u_channels_, level), level);
  }

  Builder& build_;
  const MgnoOptions& options_;
  std::vector<int> f_channels_, u_channels_;
};

/// Channels of f by grid where the finest has @p finest: they grow as those of u do.
std::vector<int> grown(const MgnoOptions& o, int finest) {
  std::vector<int> list;
  for (const int c : o.channels) list.push_back(finest * c / o.channels.front());
  return list;
}

void check(const MgnoOptions& o) {
  const auto require = [](bool good, const std::string& what) {
    if (!good) core::throw_usage("mgno: " + what);
  };
  require(o.dimension == 2 || o.dimension == 3, "dimension must be 2 or 3");
  require(o.in >= 1 && o.out >= 1 && o.layers >= 1, "in, out and layers must be at least 1");
  require(!o.channels.empty() && o.channels.size() == o.steps.size(),
          "channels and steps must have one entry for each grid");
  for (const int c : o.channels)
    require(c >= 1 && c % o.channels.front() == 0,
            "channels must be multiples of those of the finest grid");
  for (const auto& [pre, post] : o.steps)
    require(pre >= 1 && post >= 0, "steps must be at least 1 before and 0 after the correction");
  require(o.steps.back()[1] == 0, "the coarsest grid has no steps after a correction");
  require(!o.increment || o.in == o.out, "an increment needs as many channels in as out");
}

} // namespace

Graph mgno_graph(const MgnoOptions& options) {
  check(options);
  Builder build(options);
  const std::string input = build.add("coefficient", "input", {}, {{"channels", options.in}});
  const int width = options.channels.front();
  std::string u = input;
  int width_in = options.in;
  for (int layer = 1; layer <= options.layers; ++layer) {
    build.begin_layer("layer" + std::to_string(layer));
    std::string next = Cycle(build, options, grown(options, width_in), options.channels).run(u);
    if (options.norm == MgnoNorm::cycle) next = build.normalise("norm", next, 0);
    if (options.skip) next = build.add("sum", "add", {next, build.mix("B", u, width, true)});
    u = build.add("gelu", "gelu", {next});
    width_in = width;
  }
  build.begin_layer("head");
  std::string result =
      options.cycle_head
          ? Cycle(build, options, options.channels, grown(options, options.out)).run(u)
          : build.mix("matrix", u, options.out, false);
  if (options.increment) result = build.add("increment", "add", {result, input});
  return build.finish(result);
}

} // namespace linnet::nn
