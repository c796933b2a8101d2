// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// The operations that a graph may use. Each lives in one file of layers/: the shape of its result,
/// its parameters, and a layer that does the work.
#pragma once

#include <linnet/nn/network/graph.hpp>
#include <linnet/nn/network/layer.hpp>

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace linnet::nn {

/// A whole number that a node may carry.
struct Attribute {
  std::string name;
  int least, most;
  int standard;          ///< value when left out
  bool required = false; ///< no standard value
};

/// Parameter blocks of a node; its id and a slash are put in front of their names.
using Blocks = std::vector<ParameterBlock>;

class Operation {
public:
  virtual ~Operation() = default;
  [[nodiscard]] virtual std::string name() const = 0;
  /// How many inputs it takes at least and at most.
  [[nodiscard]] virtual std::pair<int, int> inputs() const { return {1, 1}; }
  [[nodiscard]] virtual std::vector<Attribute> attributes() const { return {}; }
  /// The signature of the value. @throws core::Error (data) for inputs that do not fit; the caller
  /// puts the node's id in front.
  [[nodiscard]] virtual Signature signature(const ResolvedNode& node) const {
    return node.in_signatures.front();
  }
  [[nodiscard]] virtual Blocks parameters(const ResolvedNode&) const { return {}; }
  /// Points of the one grid that its parameters are for; nothing: of any grid.
  [[nodiscard]] virtual std::optional<core::Index3> fixed_points(const ResolvedNode&) const {
    return std::nullopt;
  }
  /// How often a weight is used at a point of the coarser of its two grids.
  [[nodiscard]] virtual double uses_per_point(const ResolvedNode&) const { return 1.0; }
  /// True if all points of the finer grid must be children of the coarser one's, 2^d of each.
  [[nodiscard]] virtual bool needs_children() const { return false; }
  [[nodiscard]] virtual std::unique_ptr<Layer<float>> layer(const ResolvedNode& node,
                                                            Domain& domain, float) const = 0;
  [[nodiscard]] virtual std::unique_ptr<Layer<double>> layer(const ResolvedNode& node,
                                                             Domain& domain, double) const = 0;
};

/// An operation whose layers are LayerType<T>(node, domain).
template <template <class> class LayerType>
class OperationOf : public Operation {
public:
  [[nodiscard]] std::unique_ptr<Layer<float>> layer(const ResolvedNode& node, Domain& domain,
                                                    float) const final {
    return std::make_unique<LayerType<float>>(node, domain);
  }
  [[nodiscard]] std::unique_ptr<Layer<double>> layer(const ResolvedNode& node, Domain& domain,
                                                     double) const final {
    return std::make_unique<LayerType<double>>(node, domain);
  }
};

/// All of them, and the one called @p name, or null.
const std::vector<std::unique_ptr<Operation>>& operations();
const Operation* find_operation(const std::string& name);

/// The head of networks whose inputs live on grids of their own, see nn/deeponet/deeponet.hpp.
inline constexpr const char* inner_product_name = "inner_product";

/// What each file of layers/ adds to the list.
using OperationList = std::vector<std::unique_ptr<Operation>>;
void add_activations(OperationList& list);
void add_arithmetic(OperationList& list);
void add_attention(OperationList& list);
void add_convolutions(OperationList& list);
void add_dense(OperationList& list);
void add_embedding(OperationList& list);
void add_field_norm(OperationList& list);
void add_global_mean(OperationList& list);
void add_inner_product(OperationList& list);
void add_layer_norm(OperationList& list);
void add_point_features(OperationList& list);
void add_pooling(OperationList& list);
void add_root_mean_square(OperationList& list);
void add_sensor_convolution(OperationList& list);
void add_sequences(OperationList& list);
void add_softmax(OperationList& list);
void add_stencil(OperationList& list);
void add_table(OperationList& list);
void add_upsampling(OperationList& list);

} // namespace linnet::nn
