// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/io/model_rules.hpp>

#include <linnet/core/error.hpp>
#include <linnet/core/text.hpp>
#include <linnet/io/checksum.hpp>

#include <algorithm>
#include <bit>
#include <cmath>

namespace linnet::io {

PlainType model_number_type(const std::string& dtype, const std::string& where) {
  if (dtype == "float32") return PlainType::float32;
  if (dtype == "float64") return PlainType::float64;
  core::throw_data(where + ": dtype is '" + dtype + "'; float32 and float64 are allowed");
}

bool is_model_name(std::string_view name) {
  const auto allowed = [](unsigned char c) { return c > 0x20 && c < 0x7f && c != '/'; };
  return !name.empty() && name.size() <= ModelLimits::name_characters && name != "." &&
         name != ".." && std::all_of(name.begin(), name.end(), allowed);
}

void require_sound_values(const std::string& path, const ModelArray& array,
                          const std::string& where) {
  const bool parameter = path.starts_with("param/");
  for (std::size_t i = 0; i < array.values.size(); ++i) {
    const double value = array.values[i];
    if (std::isfinite(value) && !(parameter && std::abs(value) > ModelLimits::parameter)) continue;
    core::throw_data(where + ": value " + std::to_string(i) + " is " + core::number_text(value) +
                     (parameter ? "; finite numbers of at most 1e8 are allowed"
                                : "; finite numbers are allowed") +
                     ": train the model anew");
  }
}

std::int64_t array_checksum(const ModelArray& array) {
  std::uint64_t sum = 0;
  for (std::size_t i = 0; i < array.values.size(); ++i) sum += number_hash(i, array.values[i]);
  return std::bit_cast<std::int64_t>(sum);
}

std::int64_t texts_checksum(const ModelFile& model) {
  std::string texts;
  const auto add = [&](const std::string& text) { (texts += text) += '\0'; };
  add(model.graph);
  add(model.dtype);
  for_each_array(model, [&](const std::string& path, const ModelArray& array) {
    add(path);
    add(array.role);
  });
  for (const auto& [name, text] : model.provenance) {
    add(name);
    add(text);
  }
  return std::bit_cast<std::int64_t>(text_hash(texts));
}

} // namespace linnet::io
