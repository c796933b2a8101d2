// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// What a piece of code says when it refuses its input.
#pragma once

#include <linnet/core/error.hpp>

#include <string>

namespace linnet::tests {

/// The line of the usage Error that @p work throws; "no error" or "wrong code" otherwise.
template <class Work>
std::string usage_error(Work&& work) {
  try {
    work();
  } catch (const core::Error& error) {
    return error.code() == core::ExitCode::usage ? error.what() : "wrong code";
  }
  return "no error";
}

} // namespace linnet::tests
