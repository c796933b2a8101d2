// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
// Plain files of options, PETSC_OPTIONS and the command line.
#include "target.hpp"

#include <linnet/core/option_sources.hpp>

#include <algorithm>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(linnet::fuzz::text_of(data, size));
  const auto read = [&](const std::string&) { return text; };
  std::string environment = text; // which holds no zeros
  std::erase(environment, '\0');
  linnet::fuzz::expect_result_or_refusal([&] {
    linnet::core::OptionSources sources(read);
    sources.read(
        {"-options_file", "plain.opts", "-prefix_push", "a_", "-options_string_yaml", environment},
        environment);
    static_cast<void>(sources.name_of_value(sources.place("-a_ksp_rtol")));
  });
  return 0;
}
