// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/rom/solid/adaptive_options.hpp>

#include <linnet/core/error.hpp>

#include <sstream>

namespace linnet::rom {

namespace {

[[noreturn]] void refuse(const char* option, double value, const char* needs) {
  std::ostringstream text;
  text << option << " " << value << ": " << needs;
  core::throw_usage(text.str());
}

} // namespace

void check(const AdaptiveOptions& options) {
  if (!(options.target >= 0.0))
    refuse("-rom_target", options.target,
           "must be 0 (every step with plastic strain on the mesh) or above");
  const double low = options.target_low.value_or(options.target);
  if (!(low >= 0.0 && low <= options.target))
    refuse("-rom_target_low", low, "must be between 0 and -rom_target");
  if (!(options.growth >= 1.0)) refuse("-rom_growth", options.growth, "must be 1 or above");
  if (options.most_calls < 0) refuse("-rom_max_hf", options.most_calls, "must be 0 or above");
}

} // namespace linnet::rom
