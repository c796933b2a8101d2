// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// What the fuzz targets share. A target hands arbitrary bytes to one reader; the reader must
/// return or refuse with one clear line. Anything else ends the program.
#pragma once

#include <linnet/core/error.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace linnet::fuzz {

/// Ends the program unless @p error is meant for the user: of usage or data, and one line of
/// bounded length without control characters.
void require_user_error(const core::Error& error);

/// Runs @p read, which may refuse its input as require_user_error() says. Other exceptions, also
/// those of failed allocations, end the program.
template <class Read>
void expect_result_or_refusal(Read&& read) {
  try {
    read();
  } catch (const core::Error& error) {
    require_user_error(error);
  }
}

/// Writes @p input to the file @p name in a folder of this process and returns its path. The folder
/// goes away with the process.
std::string file_with(std::string_view input, const std::string& name);

inline std::string_view text_of(const std::uint8_t* data, std::size_t size) {
  return {reinterpret_cast<const char*>(data), size};
}

} // namespace linnet::fuzz

/// The entry point of libFuzzer, defined by each target.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);
/// Starts PETSc; called once before the first input.
extern "C" int LLVMFuzzerInitialize(int* argc, char*** argv);
