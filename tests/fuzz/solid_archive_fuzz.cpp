// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
// Archives of reduced models of a solid.
#include "solid_case.hpp"
#include "target.hpp"

#include <linnet/rom/solid/archive.hpp>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace linnet;
  fuzz::SolidCase& solid = fuzz::SolidCase::once();
  const std::string path = fuzz::file_with(fuzz::text_of(data, size), "solid_archive.h5");
  fuzz::expect_result_or_refusal([&] { rom::archive_product(PETSC_COMM_SELF, path); });
  fuzz::expect_result_or_refusal(
      [&] { rom::read_archive(path, solid.model, solid.products, solid.materials.fingerprint()); });
  return 0;
}
