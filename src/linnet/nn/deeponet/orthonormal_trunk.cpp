// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/nn/deeponet/orthonormal_trunk.hpp>

#include <linnet/core/error.hpp>
#include <linnet/linalg/gemm.hpp>
#include <linnet/linalg/symmetric_eigen.hpp>
#include <linnet/nn/network/operation.hpp>

#include <petscsys.h>

#include <algorithm>
#include <cmath>

namespace linnet::nn {

namespace {

using linalg::gemm;
using Matrix = std::vector<double>; // by columns

constexpr std::size_t points_at_once = 1024;

std::size_t size(std::int64_t rows, std::int64_t columns) {
  return static_cast<std::size_t>(rows * columns);
}

/// Values of a trunk, (point, function) by columns.
template <class T>
Matrix trunk_values(const ResolvedGraph& trunk, const kernels::Array<T>& parameters,
                    std::span<const double> points) {
  const auto width = static_cast<std::size_t>(
      trunk.nodes[static_cast<std::size_t>(trunk.inputs[0])].signature.channels);
  const std::size_t count = points.size() / width;
  const std::size_t at_once = std::min(points_at_once, count);
  BatchNetwork<T> network(trunk, static_cast<int>(at_once), NetworkMode::inference);
  const std::vector<T> rows(points.begin(), points.end());
  const kernels::Tensor<T> out = network.network().output();
  Matrix values(count * static_cast<std::size_t>(out.channels));
  for (std::size_t first = 0; first < count; first += at_once) {
    const std::size_t here = std::min(at_once, count - first);
    gather_members(
        rows.data() + first * width, [](int i) { return std::int64_t{i}; }, static_cast<int>(here),
        network.network().input());
    network.network().forward(parameters);
    for (int k = 0; k < out.channels; ++k)
      for (std::size_t q = 0; q < here; ++q)
        values[static_cast<std::size_t>(k) * count + first + q] =
            static_cast<double>(out.origin(k)[q]);
  }
  return values;
}

/// A^T W B for the columns of both at the same points.
Matrix inner_products(const Matrix& a, const Matrix& b, std::span<const double> weights) {
  const auto points = static_cast<std::int64_t>(weights.size());
  const auto m = static_cast<std::int64_t>(a.size()) / points,
             n = static_cast<std::int64_t>(b.size()) / points;
  Matrix weighted = b, product(size(m, n));
  for (std::size_t i = 0; i < weighted.size(); ++i) weighted[i] *= weights[i % weights.size()];
  gemm('T', 'N', m, n, points, 1.0, a.data(), points, weighted.data(), points, 0.0, product.data(),
       m);
  return product;
}

Matrix product(const Matrix& a, const Matrix& b, std::int64_t m, std::int64_t n, std::int64_t k) {
  Matrix c(size(m, n));
  gemm('N', 'N', m, n, k, 1.0, a.data(), m, b.data(), k, 0.0, c.data(), m);
  return c;
}

/// T' = T M and T = T' N.
struct Factors {
  int kept = 0;
  Matrix m, n; ///< (functions, kept) and (kept, functions)
};

Factors factors_of(const Matrix& trunk, int functions, std::span<const double> weights,
                   double drop) {
  const auto points = static_cast<std::int64_t>(weights.size());
  const linalg::SymmetricEigen first =
      linalg::symmetric_eigen(PETSC_COMM_SELF, functions, inner_products(trunk, trunk, weights));
  if (!(first.values[0] > 0.0))
    core::throw_usage("the trunk is zero at all points, and has no orthonormal basis");
  Factors f;
  while (f.kept < functions &&
         first.values[static_cast<std::size_t>(f.kept)] > drop * drop * first.values[0])
    ++f.kept;
  f.m.assign(first.vectors.begin(),
             first.vectors.begin() + static_cast<std::ptrdiff_t>(size(functions, f.kept)));
  for (std::size_t i = 0; i < f.m.size(); ++i)
    f.m[i] /= std::sqrt(first.values[i / static_cast<std::size_t>(functions)]);
  // Once more: (T M)^T W (T M) is I up to rounding times the condition of T^T W T. Its inverse root
  // is the smallest change, so that the order stays.
  const Matrix once = product(trunk, f.m, points, f.kept, functions);
  const linalg::SymmetricEigen second =
      linalg::symmetric_eigen(PETSC_COMM_SELF, f.kept, inner_products(once, once, weights));
  Matrix scaled = second.vectors, root(size(f.kept, f.kept));
  for (std::size_t i = 0; i < scaled.size(); ++i)
    scaled[i] /= std::sqrt(second.values[i / static_cast<std::size_t>(f.kept)]);
  gemm('N', 'T', f.kept, f.kept, f.kept, 1.0, scaled.data(), f.kept, second.vectors.data(), f.kept,
       0.0, root.data(), f.kept);
  f.m = product(f.m, root, functions, f.kept, f.kept);
  f.n = inner_products(product(trunk, f.m, points, f.kept, functions), trunk, weights);
  return f;
}

/// The graph with another size of its basis, and its parameters.
class Rebuild {
public:
  Rebuild(const ResolvedGraph& graph, const kernels::Array<double>& parameters)
      : old_(graph), values_(parameters), graph_(graph.graph),
        head_(graph.nodes[static_cast<std::size_t>(graph.output)]) {
    int layer = head_.in[0];
    if (operation(layer) == "multiply") layer = old_node(layer).in[0];
    if (operation(layer) != "dense")
      core::throw_usage("an orthonormal trunk needs a branch whose last layer is dense; a stacked "
                        "one has several");
    branch_ = old_node(layer).id;
    outputs_ = head_.signature.channels;
    functions_ = old_node(head_.in[1]).signature.channels;
    const std::string trunk = old_node(head_.in[1]).id;
    folds_ = operation(head_.in[1]) == "dense" && is_used_once(head_.in[1]);
    trunk_ = folds_ ? trunk : free_id("trunk.orthonormal");
  }

  OrthonormalTrunk run(const Factors& f) {
    node(branch_).attributes["units"] = outputs_ * f.kept;
    if (folds_) {
      node(trunk_).attributes["units"] = f.kept;
    } else {
      const Node added{
          trunk_, "dense", {old_node(head_.in[1]).id}, {{"units", f.kept}, {"bias", 0}}};
      node(head_.id).in[1] = trunk_;
      const auto head = std::find_if(graph_.nodes.begin(), graph_.nodes.end(),
                                     [&](const Node& n) { return n.id == head_.id; });
      graph_.nodes.insert(head, added);
    }
    OrthonormalTrunk result{resolve(graph_), {}, f.kept, functions_ - f.kept};
    result.parameters = parameter_buffer<double>(result.graph.parameters);
    for (const ParameterBlock& to : result.graph.parameters.blocks())
      fill(to, f, result.parameters.data() + to.offset);
    return result;
  }

private:
  [[nodiscard]] const ResolvedNode& old_node(int i) const {
    return old_.nodes[static_cast<std::size_t>(i)];
  }
  [[nodiscard]] std::string operation(int i) const { return old_node(i).operation->name(); }
  [[nodiscard]] bool is_used_once(int i) const {
    std::ptrdiff_t uses = 0;
    for (const ResolvedNode& n : old_.nodes) uses += std::count(n.in.begin(), n.in.end(), i);
    return uses == 1;
  }
  Node& node(const std::string& id) {
    return *std::find_if(graph_.nodes.begin(), graph_.nodes.end(),
                         [&](const Node& n) { return n.id == id; });
  }
  [[nodiscard]] std::string free_id(const std::string& wanted) const {
    std::string id = wanted;
    const auto is_taken = [&] {
      return std::any_of(graph_.nodes.begin(), graph_.nodes.end(),
                         [&](const Node& n) { return n.id == id; });
    };
    for (int number = 2; is_taken(); ++number) id = wanted + std::to_string(number);
    return id;
  }
  [[nodiscard]] const double* old_values(const std::string& name) const {
    for (const ParameterBlock& block : old_.parameters.blocks())
      if (block.name == name) return values_.data() + block.offset;
    return nullptr;
  }

  void fill(const ParameterBlock& to, const Factors& f, double* values) const {
    const double* const old = old_values(to.name);
    const std::int64_t columns = to.shape.size() > 1 ? to.shape[1] : 1;
    if (to.name == branch_ + "/weight" || to.name == branch_ + "/bias") {
      // Rows (output, function), row-major: by columns the transpose, so that rows are columns.
      for (int o = 0; o < outputs_; ++o)
        gemm('N', 'T', columns, f.kept, functions_, 1.0, old + size(o * functions_, columns),
             columns, f.n.data(), f.kept, 0.0, values + size(o * f.kept, columns), columns);
    } else if (folds_ && (to.name == trunk_ + "/weight" || to.name == trunk_ + "/bias")) {
      gemm('N', 'N', columns, f.kept, functions_, 1.0, old, columns, f.m.data(), functions_, 0.0,
           values, columns);
    } else if (!folds_ && to.name == trunk_ + "/weight") { // M^T by rows is M by columns
      std::copy(f.m.begin(), f.m.end(), values);
    } else {
      std::copy_n(old, to.size(), values);
    }
  }

  const ResolvedGraph& old_;
  const kernels::Array<double>& values_;
  Graph graph_;
  const ResolvedNode& head_;
  std::string branch_, trunk_;
  int outputs_ = 0, functions_ = 0;
  bool folds_ = false; ///< M is part of the trunk's last layer
};

} // namespace

OrthonormalTrunk orthonormal_trunk(const ResolvedGraph& graph,
                                   const kernels::Array<double>& parameters,
                                   std::span<const double> points, std::span<const double> weights,
                                   double drop) {
  const DeepONetParts parts = split_deeponet(graph, "network");
  Rebuild rebuild(graph, parameters);
  return rebuild.run(
      factors_of(trunk_values(parts.trunk, parameters, points), parts.basis, weights, drop));
}

template <class T>
double departure_from_orthonormal(const ResolvedGraph& graph, const kernels::Array<T>& parameters,
                                  std::span<const double> points, std::span<const double> weights) {
  const DeepONetParts parts = split_deeponet(graph, "network");
  const Matrix trunk = trunk_values(parts.trunk, parameters, points),
               gram = inner_products(trunk, trunk, weights);
  const auto functions = static_cast<std::size_t>(parts.basis);
  double largest = 0.0;
  for (std::size_t i = 0; i < gram.size(); ++i)
    largest = std::max(largest, std::abs(gram[i] - (i / functions == i % functions ? 1.0 : 0.0)));
  return largest;
}

template double departure_from_orthonormal(const ResolvedGraph&, const kernels::Array<float>&,
                                           std::span<const double>, std::span<const double>);
template double departure_from_orthonormal(const ResolvedGraph&, const kernels::Array<double>&,
                                           std::span<const double>, std::span<const double>);

std::vector<double> trapezoidal_weights(std::span<const double> points, int dimension,
                                        int periodic) {
  const auto d = static_cast<std::size_t>(dimension);
  std::vector<double> weights(points.size() / d, 1.0);
  for (std::size_t c = 0; c < d; ++c) {
    std::vector<double> axis;
    for (std::size_t i = c; i < points.size(); i += d) axis.push_back(points[i]);
    std::sort(axis.begin(), axis.end());
    axis.erase(std::unique(axis.begin(), axis.end()), axis.end());
    if (axis.size() == 1) continue;
    const bool wraps = static_cast<int>(c) < periodic;
    const std::size_t last = axis.size() - 1;
    for (std::size_t q = 0; q < weights.size(); ++q) {
      const auto at = static_cast<std::size_t>(
          std::lower_bound(axis.begin(), axis.end(), points[q * d + c]) - axis.begin());
      const double below = at > 0  ? axis[at] - axis[at - 1]
                           : wraps ? axis[0] + 1.0 - axis[last]
                                   : 0,
                   above = at < last ? axis[at + 1] - axis[at]
                           : wraps   ? axis[0] + 1.0 - axis[last]
                                     : 0;
      weights[q] *= 0.5 * (below + above);
    }
  }
  return weights;
}

} // namespace linnet::nn
