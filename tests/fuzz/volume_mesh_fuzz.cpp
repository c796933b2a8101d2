// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include "target.hpp"

#include <linnet/fem/mesh/mesh.hpp>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace linnet;
  const std::string path = fuzz::file_with(fuzz::text_of(data, size), "volume.msh");
  fuzz::expect_result_or_refusal([&] {
    const fem::Mesh mesh = fem::read_mesh(PETSC_COMM_SELF, path);
    for (const std::string& group : mesh.group_names()) static_cast<void>(mesh.nodes_of(group));
  });
  return 0;
}
