// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
// Model files. Their checksums notice every change of what is read, so that a file which is not
// refused holds one of the models of the corpus.
#include "target.hpp"

#include <support/small_models.hpp>

#include <cstdio>
#include <cstdlib>

namespace {

void require_known(const linnet::io::ModelFile& model) {
  static const auto known = linnet::tests::small_models();
  for (const auto& [name, original] : known)
    if (linnet::tests::same_bits(model, original)) return;
  std::fprintf(stderr, "a model was read that nobody wrote; its graph: %s\n", model.graph.c_str());
  std::abort();
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  namespace io = linnet::io;
  const std::string path = linnet::fuzz::file_with(linnet::fuzz::text_of(data, size), "model.h5");
  linnet::fuzz::expect_result_or_refusal([&] {
    require_known(io::read_model(MPI_COMM_SELF, path, linnet::tests::shapes_of, 1 << 20));
  });
  return 0;
}
