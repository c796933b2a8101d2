// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
// Writes the files of the corpus of models.
//   usage: PROGRAM FOLDER
#include "target.hpp"

#include <support/small_models.hpp>

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  LLVMFuzzerInitialize(&argc, &argv);
  for (const auto& [name, model] : linnet::tests::small_models())
    linnet::io::write_model(MPI_COMM_SELF, std::string(argv[1]) + "/" + name, model);
  return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* /*data*/, std::size_t /*size*/) {
  return 0;
}
