// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/nn/deeponet/deeponet_graph.hpp>

#include <linnet/core/error.hpp>
#include <linnet/nn/network/operation.hpp>

#include <algorithm>

namespace linnet::nn {

namespace {

using kernels::Activation;

constexpr std::size_t most_concatenated = 64;

class Builder {
public:
  explicit Builder(const DeepONetOptions& options) : o_(options) { graph_.dimension = 1; }

  Graph run() {
    const std::string u = add("u", "input", {}, {{"channels", o_.sensors}}),
                      y = add("y", "input", {}, {{"channels", o_.modes > 0 ? 1 : o_.coordinates}});
    std::string b = branch(u), t = trunk(y);
    if (o_.homogeneous) b = add("branch.size", "multiply", {b, add("u.rms", "rms", {u})});
    if (o_.zero_sides != 0)
      t = add("trunk.sides", "multiply",
              {t, add("y.sides", "side_product", {y}, {{"sides", o_.zero_sides}})});
    graph_.output = add("result", inner_product_name, {b, t}, {{"bias", o_.bias ? 1 : 0}});
    return std::move(graph_);
  }

private:
  std::string add(const std::string& id, const std::string& op, const std::vector<std::string>& in,
                  const std::map<std::string, int>& attributes = {}) {
    graph_.nodes.push_back({id, op, in, attributes});
    return id;
  }
  std::string dense(const std::string& id, const std::string& x, int units, bool bias = true) {
    return add(id, "dense", {x}, {{"units", units}, {"bias", bias ? 1 : 0}, {"normal_start", 1}});
  }
  std::string activate(const std::string& x, Activation kind) {
    return kind == Activation::identity ? x : add(x + ".act", name_of(kind), {x});
  }
  /// Hidden layers, called @p name .1, .2, ...
  std::string hidden(const std::string& name, std::string x, const std::vector<int>& widths,
                     Activation kind) {
    for (std::size_t l = 0; l < widths.size(); ++l)
      x = activate(dense(name + "." + std::to_string(l + 1), x, widths[l]), kind);
    return x;
  }
  [[nodiscard]] int basis() const { return o_.modes > 0 ? o_.modes : o_.trunk.back(); }

  /// Convolutions of the fields at the sensors, called branch.conv1, branch.conv2, ...
  std::string convolutions(std::string x) {
    core::Index3 n = o_.sensor_grid;
    for (std::size_t l = 0; l < o_.branch_convolutions.size(); ++l) {
      x = activate(add("branch.conv" + std::to_string(l + 1), "sensor_conv", {x},
                       {{"channels", o_.branch_convolutions[l]},
                        {"nx", n[0]},
                        {"ny", n[1]},
                        {"nz", n[2]},
                        {"kernel", o_.branch_kernel},
                        {"stride", o_.branch_stride},
                        {"pad", o_.branch_pad ? 1 : 0},
                        {"normal_start", 1}}),
                   o_.branch_activation);
      n = convolved(n, l);
    }
    return x;
  }
  /// The points that convolution number @p l leaves of @p n.
  [[nodiscard]] core::Index3 convolved(core::Index3 n, std::size_t l) const {
    const int kernel = o_.branch_kernel, around = o_.branch_pad ? kernel / 2 * 2 : 0;
    for (int& extent : n) {
      if (extent == 1) continue;
      if (extent + around < kernel)
        core::throw_usage("convolution " + std::to_string(l + 1) +
                          " of the branch has a kernel of " + std::to_string(kernel) +
                          " points and a grid of " + std::to_string(extent) +
                          "; take fewer of them, a smaller kernel or padding");
      extent = (extent + around - kernel) / o_.branch_stride + 1;
    }
    return n;
  }

  std::string branch(const std::string& u) {
    const std::string x = convolutions(o_.homogeneous ? add("u.unit", "unit_rms", {u}) : u);
    if (!o_.stacked)
      return dense("branch.out", hidden("branch", x, o_.branch, o_.branch_activation),
                   o_.outputs * basis());
    std::vector<std::string> parts;
    for (int k = 0; k < o_.outputs * basis(); ++k) {
      const std::string name = "branch" + std::to_string(k);
      parts.push_back(dense(name + ".out", hidden(name, x, o_.branch, o_.branch_activation), 1));
    }
    return concatenate(parts, "branch.out");
  }
  /// In several rounds, where there are too many for one.
  std::string concatenate(std::vector<std::string> parts, const std::string& name) {
    for (int round = 0; parts.size() > 1; ++round) {
      std::vector<std::string> joined;
      const bool is_last = parts.size() <= most_concatenated;
      for (std::size_t first = 0; first < parts.size(); first += most_concatenated) {
        const std::size_t end = std::min(parts.size(), first + most_concatenated);
        const auto begin = parts.begin();
        if (end - first == 1) {
          joined.push_back(parts[first]);
          continue;
        }
        joined.push_back(
            add(is_last ? name
                        : name + "." + std::to_string(round) + "." + std::to_string(joined.size()),
                "concat",
                {begin + static_cast<std::ptrdiff_t>(first),
                 begin + static_cast<std::ptrdiff_t>(end)}));
      }
      parts = std::move(joined);
    }
    return parts.front();
  }

  std::string trunk(const std::string& y) {
    if (o_.modes > 0)
      return add(pod_node, "table", {y}, {{"rows", o_.points}, {"channels", o_.modes}});
    const std::string x = o_.periodic > 0
                              ? add("y.harmonics", "harmonics", {y},
                                    {{"periodic", o_.periodic}, {"count", o_.harmonics}})
                              : y;
    std::vector<int> widths = o_.trunk;
    if (o_.linear_trunk) widths.pop_back();
    const std::string h = hidden("trunk", x, widths, o_.trunk_activation);
    return o_.linear_trunk ? dense("trunk.out", h, basis(), false) : h;
  }

  const DeepONetOptions& o_;
  Graph graph_;
};

} // namespace

Graph deeponet_graph(const DeepONetOptions& options) {
  if (options.trunk.empty()) core::throw_usage("a DeepONet needs a trunk of one layer at least");
  if (options.periodic > options.coordinates)
    core::throw_usage("points have " + std::to_string(options.coordinates) +
                      " coordinate(s), and " + std::to_string(options.periodic) +
                      " are to be periodic");
  if (!options.branch_convolutions.empty()) {
    const auto [nx, ny, nz] = options.sensor_grid;
    const std::int64_t cells = std::int64_t{nx} * ny * nz;
    if (options.stacked) core::throw_usage("a stacked branch has no convolutions");
    if (cells < 1 || options.sensors % cells != 0)
      core::throw_usage("convolutions of the branch need sensors that are the points of a grid");
    if (options.branch_kernel % 2 == 0)
      core::throw_usage("convolutions of the branch need a kernel of an odd number of points");
  }
  if (options.modes > 0 && (options.periodic > 0 || options.zero_sides != 0))
    core::throw_usage("modes of a POD know nothing of harmonics and sides");
  if (options.bias && options.homogeneous)
    core::throw_usage("a homogeneous DeepONet has no bias in its result");
  if (options.bias && options.zero_sides != 0)
    core::throw_usage("a DeepONet that is zero on sides of the box has no bias in its result");
  return Builder(options).run();
}

} // namespace linnet::nn
