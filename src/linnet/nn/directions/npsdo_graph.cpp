// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/nn/directions/npsdo_graph.hpp>

#include <linnet/core/error.hpp>

namespace linnet::nn {

namespace {

constexpr int taps = 27;

class Builder {
public:
  explicit Builder(int levels) {
    add("residual", "input", {});
    images_.push_back(add("images", "input", {}, {{"channels", 3}, {"constant", 1}}));
    for (int l = 1; l <= levels; ++l)
      images_.push_back(add("images" + std::to_string(l), "avg_pool", {images_.back()}));
  }

  std::string add(const std::string& id, const std::string& op, const std::vector<std::string>& in,
                  const std::map<std::string, int>& attributes = {}) {
    graph_.nodes.push_back({id, op, in, attributes});
    return id;
  }
  /// The stencil @p id applied to @p x on the grid of @p level.
  std::string stencil(const std::string& id, const std::string& x, int level) {
    return add(id, "stencil", {x, of_images(id + ".coefficients", level, taps)});
  }
  /// The factor @p id times @p x.
  std::string scaled(const std::string& id, const std::string& x, int level) {
    const std::string factor = add(id + ".mean", "global_mean", {of_images(id, level, 1)});
    return add(id + ".product", "multiply", {x, factor});
  }
  Graph finish(const std::string& output) {
    graph_.output = output;
    return std::move(graph_);
  }

private:
  std::string of_images(const std::string& id, int level, int channels) {
    return add(id, "conv", {images_[static_cast<std::size_t>(level)]},
               {{"channels", channels}, {"fan_in_start", 1}});
  }

  Graph graph_;
  std::vector<std::string> images_; ///< on each grid
};

std::string name(const char* what, int level) { return what + std::to_string(level); }

} // namespace

Graph npsdo_graph(int levels) {
  if (levels < 1 || levels > 8)
    core::throw_usage("npsdo_graph: " + std::to_string(levels) + " levels; give 1 to 8");
  Builder net(levels);
  std::vector<std::string> x{net.stencil("pre0", "residual", 0)};
  for (int l = 1; l <= levels; ++l)
    x.push_back(net.stencil(l < levels ? name("pre", l) : "coarsest",
                            net.add(name("down", l), "avg_pool", {x.back()}), l));
  std::string up = x.back();
  for (int l = levels; l-- > 0;) {
    const std::string fine = net.add(name("up", l), "upsample_linear", {up});
    const std::string post = net.stencil(name("post", l), fine, l);
    up = net.add(name("sum", l), "add",
                 {net.scaled(name("old", l), x[static_cast<std::size_t>(l)], l),
                  net.scaled(name("new", l), post, l)});
  }
  return net.finish(up);
}

} // namespace linnet::nn
