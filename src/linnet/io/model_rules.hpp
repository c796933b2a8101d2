// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// What writing and reading of model files have in common. Nothing is collective. @p where begins a
/// message: "<file>: <object>".
#pragma once

#include <linnet/io/h5_untrusted.hpp>
#include <linnet/io/model_file.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace linnet::io {

constexpr std::string_view model_format = "linnet-model";
constexpr std::int64_t model_version = 1;

/// "float32" or "float64"; @throws core::Error on anything else.
PlainType model_number_type(const std::string& dtype, const std::string& where);

/// Calls @p visit(path in the file, array) for all arrays, sorted by path. Paths are
/// "param/conv1/weight", "norm/mean", "check/input", ... @p model may be const.
template <class Model, class Visit>
void for_each_array(Model& model, Visit&& visit) {
  // The groups in the order of their names.
  for (auto& [path, array] : model.basis) visit("basis/" + path, array);
  if (model.check) {
    visit("check/input", model.check->input);
    visit("check/output", model.check->output);
  }
  for (auto& [path, array] : model.normalisation) visit("norm/" + path, array);
  for (auto& [path, array] : model.parameters) visit("param/" + path, array);
}

/// True if @p name can be a part of a path: printable characters of ASCII without '/', not a dot or
/// two.
bool is_model_name(std::string_view name);

/// Throws unless all values are finite and, for @p path of a parameter, within
/// ModelLimits::parameter.
void require_sound_values(const std::string& path, const ModelArray& array,
                          const std::string& where);

std::int64_t array_checksum(const ModelArray& array);
std::int64_t texts_checksum(const ModelFile& model);

} // namespace linnet::io
