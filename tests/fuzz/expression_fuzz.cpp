// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
// Expressions of position and time, their values and derivatives.
#include "target.hpp"

#include <linnet/core/expression.hpp>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  linnet::fuzz::expect_result_or_refusal([&] {
    const auto e = linnet::core::Expression::parse(std::string(linnet::fuzz::text_of(data, size)));
    static_cast<void>(e({0.25, -3.0, 1e200}, 2.0));
    static_cast<void>(e.jet({0.0, 1.0, 0.5}, 0.0));
  });
  return 0;
}
