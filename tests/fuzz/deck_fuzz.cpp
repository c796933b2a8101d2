// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
// Decks in YAML, with includes: every included file has the text of the deck itself.
#include "target.hpp"

#include <linnet/core/deck.hpp>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(linnet::fuzz::text_of(data, size));
  const auto read = [&](const std::string& file) -> std::string {
    if (file.empty()) linnet::core::throw_usage("no name");
    return text;
  };
  linnet::fuzz::expect_result_or_refusal(
      [&] { linnet::core::parse_deck(text, "deck.yaml", "", read); });
  return 0;
}
