// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include "mesh_fuzz.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  linnet::fuzz::read_and_voxelise(linnet::fuzz::text_of(data, size), "input.msh");
  return 0;
}
