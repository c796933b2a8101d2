// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/io/model_kind.hpp>

#include <linnet/core/error.hpp>
#include <linnet/io/json_limits.hpp>

#include <algorithm>

namespace linnet::io {
namespace {

const char* description(ModelKind kind) {
  switch (kind) {
  case ModelKind::network:
    return "a network from field to field, which -pc_neural_model, -ksp_guess_operator_model, "
           "-snes_neural_model and -predict_model take";
  case ModelKind::deeponet:
    return "a DeepONet, which -pc_neural_model and -predict_model take, and its trunk "
           "-pc_basis_file";
  case ModelKind::cycle: return "weights of a multigrid cycle, which -pc_mgno_model takes";
  case ModelKind::basis: return "a basis, which -pc_basis_file takes";
  case ModelKind::unknown: break;
  }
  return nullptr;
}

bool has_inner_product(const JsonValue& nodes) {
  return std::any_of(nodes.items.begin(), nodes.items.end(), [](const JsonValue& node) {
    const JsonValue* op = node.find("op");
    return op != nullptr && op->text == "inner_product";
  });
}

} // namespace

ModelKind model_kind(const std::string& graph) {
  JsonValue json;
  try {
    json = parse_json(graph, "graph");
  } catch (const core::Error&) {
    return ModelKind::unknown;
  }
  if (json.find("cycle") != nullptr) return ModelKind::cycle;
  if (json.find("basis") != nullptr) return ModelKind::basis;
  const JsonValue* nodes = json.find("nodes");
  if (nodes == nullptr) return ModelKind::unknown;
  return has_inner_product(*nodes) ? ModelKind::deeponet : ModelKind::network;
}

void refuse_kind(const std::string& path, const std::string& graph, const std::string& wanted) {
  if (const char* text = description(model_kind(graph)))
    core::throw_data(path + ": holds " + text + "; " + wanted);
}

} // namespace linnet::io
