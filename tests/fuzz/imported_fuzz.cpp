// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
// Samples in HDF5 files of other programs, MATLAB's among them.
#include "target.hpp"

#include <linnet/nn/fields/imported_field.hpp>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using linnet::nn::ArrayAxis;
  using linnet::nn::ImportedField;
  const std::string path = linnet::fuzz::file_with(linnet::fuzz::text_of(data, size), "samples.h5");
  const auto read = [&](const char* dataset, const std::vector<ArrayAxis>& axes) {
    linnet::fuzz::expect_result_or_refusal([&] {
      const ImportedField field(path, {dataset}, axes, 2);
      std::vector<double> values;
      // Larger ones are as good, and take long.
      if (field.bytes_per_sample() < (1 << 26)) field.read(field.samples() - 1, 1, values);
    });
  };
  read("coeff", {ArrayAxis::sample, ArrayAxis::y, ArrayAxis::x});
  read("set/u", {ArrayAxis::sample, ArrayAxis::x, ArrayAxis::y, ArrayAxis::channel});
  return 0;
}
