// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// The activation functions of networks and their names in decks and model files.
#pragma once

#include <linnet/core/error.hpp>

#include <string>
#include <string_view>

namespace linnet::kernels {

/// f(x) =
/// - identity: x
/// - relu: max(x, 0), with the subgradient 0 at 0
/// - tanh: tanh(x)
/// - gelu: x (1 + erf(x / sqrt 2)) / 2 (Hendrycks and Gimpel, arXiv:1606.08415)
/// - gelu_tanh: x (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3))) / 2, their approximation of it
/// - softplus: log(1 + exp(x))
enum class Activation { identity, relu, tanh, gelu, gelu_tanh, softplus };

inline constexpr Activation all_activations[] = {Activation::identity,  Activation::relu,
                                                 Activation::tanh,      Activation::gelu,
                                                 Activation::gelu_tanh, Activation::softplus};

/// True if f'(x) follows from f(x), so that nobody has to keep x for the adjoint.
constexpr bool derivative_from_value(Activation kind) {
  return kind != Activation::gelu && kind != Activation::gelu_tanh;
}

constexpr const char* name_of(Activation kind) {
  switch (kind) {
  case Activation::identity: return "identity";
  case Activation::relu: return "relu";
  case Activation::tanh: return "tanh";
  case Activation::gelu: return "gelu";
  case Activation::gelu_tanh: return "gelu_tanh";
  case Activation::softplus: return "softplus";
  }
  return "";
}

/// The activation called @p name; a usage error for any other text.
inline Activation parse_activation(std::string_view name) {
  std::string known;
  for (const Activation kind : all_activations) {
    if (name == name_of(kind)) return kind;
    known += (known.empty() ? "" : ", ") + std::string(name_of(kind));
  }
  core::throw_usage("activation '" + std::string(name) + "' is unknown; choose one of " + known);
}

} // namespace linnet::kernels
