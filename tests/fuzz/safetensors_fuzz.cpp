// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
// Files of tensors: refused, or as many finite values as their shapes say.
#include "target.hpp"

#include <linnet/io/safetensors.hpp>

#include <cmath>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  namespace io = linnet::io;
  const std::string path = linnet::fuzz::file_with(linnet::fuzz::text_of(data, size), "tensors");
  linnet::fuzz::expect_result_or_refusal([&] {
    for (const auto& [name, tensor] : io::read_safetensors(path, 1 << 20).tensors) {
      if (tensor.values.empty()) continue;
      if (io::Slab{{}, tensor.shape}.size() != static_cast<std::int64_t>(tensor.values.size()))
        std::abort();
      for (const double value : tensor.values)
        if (!std::isfinite(value)) std::abort();
    }
  });
  return 0;
}
