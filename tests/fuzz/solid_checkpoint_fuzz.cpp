// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
// Checkpoints of adaptive runs.
#include "adaptive_case.hpp"
#include "target.hpp"

#include <linnet/rom/solid/adaptive_checkpoint.hpp>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace linnet;
  fuzz::SolidCase& solid = fuzz::SolidCase::once();
  static auto* const online = new fuzz::AdaptiveCase(solid);
  const std::string path = fuzz::file_with(fuzz::text_of(data, size), "solid_checkpoint.h5");
  fuzz::expect_result_or_refusal([&] {
    rom::AdaptiveCheckpoint checkpoint =
        rom::load_adaptive_run(path, solid.model, solid.products, solid.materials.fingerprint());
    online->run(checkpoint.archive.model).resume(std::move(checkpoint.state));
  });
  return 0;
}
