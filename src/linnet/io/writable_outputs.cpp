// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/io/writable_outputs.hpp>

#include <linnet/core/agreement.hpp>
#include <linnet/io/atomic_file.hpp>

#include <algorithm>
#include <filesystem>
#include <map>
#include <system_error>

namespace linnet::io {

namespace {

namespace fs = std::filesystem;

/// The path itself where it cannot be followed.
fs::path resolved(const fs::path& path) {
  std::error_code error;
  const fs::path found = fs::weakly_canonical(path, error);
  return error ? path : found;
}

/// The value itself, and its parts: "a.h5,b.h5", "file.h5:/group/dataset", "mesh:body.stl,0.1".
std::vector<std::string> texts_of(const std::string& value) {
  constexpr auto separators = ",:;=@";
  std::vector<std::string> texts{value};
  for (std::size_t begin = 0; begin < value.size();) {
    const std::size_t end = std::min(value.find_first_of(separators, begin), value.size());
    if (end > begin) texts.push_back(value.substr(begin, end - begin));
    begin = end + 1;
  }
  return texts;
}

/// What a run writes, and the options that say so.
class Outputs {
public:
  Outputs(const core::AppContext& context, const OptionPairs& files, const OptionPairs& replaced)
      : sources_(context.options().sources()), replaced_(replaced) {
    for (const auto& [option, file] : files) {
      const auto [other, is_new] = owners_.emplace(resolved(file), option);
      if (!is_new)
        core::throw_usage(sources_.place(option) + ": " + file + " is written by " + other->second +
                          ", too; name another file");
    }
  }

  /// Throws if the file @p text, which @p reader names, is one of them.
  void require_no_input(const std::string& text, const fs::path& folder,
                        const std::string& reader) const {
    for (const fs::path& path : {resolved(text), resolved(folder / text)}) {
      const auto owner = owners_.find(path);
      std::error_code error;
      if (owner != owners_.end() && !may_replace(owner->second, reader) &&
          fs::is_regular_file(path, error))
        core::throw_usage(sources_.place(owner->second) + ": " + text + " is read by " + reader +
                          " and would be lost; name another file");
    }
  }

  /// The same for all that the options of the run name, and its decks.
  void require_no_inputs() const {
    for (const std::string& reader : sources_.names()) {
      const std::string deck = sources_.file(reader);
      if (!deck.empty()) require_no_input(deck, "", "-options_file");
      for (const std::string& text : texts_of(sources_.value(reader)))
        require_no_input(text, sources_.folder(reader), reader);
    }
  }

private:
  [[nodiscard]] bool may_replace(const std::string& owner, const std::string& reader) const {
    return owner == reader || reader.ends_with("_restart") ||
           std::ranges::find(replaced_, std::pair(owner, reader)) != replaced_.end();
  }

  const core::OptionSources& sources_;
  const OptionPairs& replaced_;
  std::map<fs::path, std::string> owners_;
};

} // namespace

void require_writable_outputs(const core::AppContext& context, OptionPairs files,
                              const OptionPairs& replaced, const OptionPairs& inputs) {
  if (!context.results_file().empty())
    files.emplace_back("-linnet_results", context.results_file());
  core::on_first_rank(context.comm(), [&] {
    const Outputs outputs(context, files, replaced);
    outputs.require_no_inputs();
    for (const auto& [reader, file] : inputs) outputs.require_no_input(file, "", reader);
    for (const auto& [option, file] : files) {
      try {
        require_writable(file);
      } catch (const core::Error& error) {
        core::throw_data(context.options().sources().place(option) + ": " + error.what() +
                         "; name a place that can be written to");
      }
    }
  });
}

} // namespace linnet::io
