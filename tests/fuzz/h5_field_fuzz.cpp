// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
// Fields, masks and boundary data of HDF5 files.
#include "small_vector.hpp"
#include "target.hpp"

#include <linnet/io/field_reader.hpp>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  namespace io = linnet::io;
  using linnet::fuzz::expect_result_or_refusal;
  const std::string path = linnet::fuzz::file_with(linnet::fuzz::text_of(data, size), "field.h5");
  static const Vec field = linnet::fuzz::small_vector();
  expect_result_or_refusal([&] { io::read_shape(PETSC_COMM_SELF, path, "kappa"); });
  expect_result_or_refusal([&] { io::read_field(path, "kappa", field); });
  expect_result_or_refusal(
      [&] { io::read_field(path, "fields/mask", field, {.integer_only = true}); });
  expect_result_or_refusal([&] { io::read_array(PETSC_COMM_SELF, path, "face", {2, 3}); });
  return 0;
}
