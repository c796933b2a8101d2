// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include "small_vector.hpp"
#include "target.hpp"

#include <linnet/io/checkpoint.hpp>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string path = linnet::fuzz::file_with(linnet::fuzz::text_of(data, size), "state.h5");
  static const Vec u = linnet::fuzz::small_vector();
  linnet::io::CheckpointState state{
      "fuzz", {{"u", u}}, {{"time", 0.0}}, {{"step", 0}}, {{"deck", ""}}};
  linnet::fuzz::expect_result_or_refusal(
      [&] { linnet::io::load_checkpoint(PETSC_COMM_SELF, path, state); });
  return 0;
}
