// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Random changes of inputs, the same for the same seed on every machine.
#pragma once

#include <random>
#include <string>
#include <vector>

namespace linnet::fuzz {

class Mutator {
public:
  /// @p seeds are spliced into each other, @p words inserted as they are.
  Mutator(std::uint64_t seed, std::vector<std::string> seeds, std::vector<std::string> words)
      : random_(seed), seeds_(std::move(seeds)), words_(std::move(words)) {}

  /// A seed with one to eight changes.
  std::string next();

private:
  std::size_t below(std::size_t bound) { return bound == 0 ? 0 : random_() % bound; }
  void change(std::string& text);
  void overwrite_integer(std::string& text);
  void replace_number(std::string& text);
  void repeat_part(std::string& text);
  void splice(std::string& text);

  std::mt19937_64 random_;
  std::vector<std::string> seeds_, words_;
};

} // namespace linnet::fuzz
