// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include "target.hpp"

#include <linnet/io/json_limits.hpp>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  linnet::fuzz::expect_result_or_refusal(
      [&] { linnet::io::parse_json(linnet::fuzz::text_of(data, size), "graph.json"); });
  return 0;
}
