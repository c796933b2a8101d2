// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
// The journal that takes a file back to its last complete step.
#include "target.hpp"

#include <linnet/io/undo_journal.hpp>

namespace {

/// A right checksum, FNV-1a, at the end of @p journal: without it no change would get past it.
void seal(std::string& journal) {
  if (journal.size() < 8) return;
  std::uint64_t hash = 0xcbf29ce484222325u;
  for (std::size_t i = 0; i + 8 < journal.size(); ++i)
    hash = (hash ^ static_cast<unsigned char>(journal[i])) * 0x100000001b3u;
  for (std::size_t b = 0; b < 8; ++b)
    journal[journal.size() - 8 + b] = static_cast<char>(hash >> (8 * b));
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string journal(linnet::fuzz::text_of(data, size));
  seal(journal);
  const std::string path = linnet::fuzz::file_with(std::string(256, 'x'), "data.h5");
  linnet::fuzz::file_with(journal, "data.h5.undo");
  linnet::fuzz::expect_result_or_refusal([&] { linnet::io::roll_back(path); });
  return 0;
}
