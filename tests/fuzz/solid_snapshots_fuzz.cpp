// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
// Snapshots of runs of a solid.
#include "solid_case.hpp"
#include "target.hpp"

#include <linnet/rom/solid/solid_snapshots.hpp>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace linnet;
  fuzz::SolidCase& solid = fuzz::SolidCase::once();
  const std::string path = fuzz::file_with(fuzz::text_of(data, size), "solid_snapshots.h5");
  fuzz::expect_result_or_refusal([&] {
    const rom::SnapshotFile file(path, solid.model, solid.materials.fingerprint());
    const rom::DecomposedLoading loading = file.loading();
    for (int step = 1; step <= file.steps(); ++step) static_cast<void>(file.state(step));
  });
  return 0;
}
