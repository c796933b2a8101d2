// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
// Snapshots and lists of numbers of HDF5 files.
#include "target.hpp"

#include <linnet/rom/column_files.hpp>
#include <linnet/rom/snapshots.hpp>

#include <array>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  namespace rom = linnet::rom;
  using linnet::fuzz::expect_result_or_refusal;
  const std::string path = linnet::fuzz::file_with(linnet::fuzz::text_of(data, size), "snap.h5");
  static constexpr std::array<std::int64_t, 5> numbers{3, 1, 0, 4, 2};
  expect_result_or_refusal([&] {
    rom::Snapshots snapshots(PETSC_COMM_SELF, numbers);
    rom::read_snapshots(path, "u", snapshots);
  });
  expect_result_or_refusal([&] { rom::read_integers(PETSC_COMM_SELF, path, "/points", 1000); });
  return 0;
}
