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

using Owners = std::map<fs::path, std::string>;

/// Empty for texts that can be no path.
fs::path resolved(const fs::path& path) {
  std::error_code error;
  const fs::path found = fs::weakly_canonical(path, error);
  return error ? fs::path() : found;
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

[[noreturn]] void fail_overwriting(const core::AppContext& context, const std::string& owner,
                                   const std::string& file, const std::string& reader) {
  core::throw_usage(context.options().sources().place(owner) + ": " + file + " is read by " +
                    reader + " and would be lost; name another file");
}

Owners owners_of(const core::AppContext& context, const OptionPairs& files) {
  Owners owners;
  for (const auto& [option, file] : files) {
    const auto [other, is_new] = owners.emplace(resolved(file), option);
    if (!is_new)
      core::throw_usage(context.options().sources().place(option) + ": " + file +
                        " is written by " + other->second + ", too; name another file");
  }
  return owners;
}

void require_no_input(const core::AppContext& context, const Owners& owners,
                      const OptionPairs& replaced, const std::string& text, const fs::path& folder,
                      const std::string& reader) {
  const auto may_replace = [&](const std::string& owner) {
    return owner == reader || reader.ends_with("_restart") ||
           std::ranges::find(replaced, std::pair(owner, reader)) != replaced.end();
  };
  for (const fs::path& path : {resolved(text), resolved(folder / text)}) {
    const auto owner = owners.find(path);
    std::error_code error;
    if (owner != owners.end() && !may_replace(owner->second) && fs::is_regular_file(path, error))
      fail_overwriting(context, owner->second, text, reader);
  }
}

void require_no_inputs(const core::AppContext& context, const Owners& owners,
                       const OptionPairs& replaced) {
  const core::OptionSources& sources = context.options().sources();
  for (const std::string& reader : sources.names()) {
    const std::string deck = sources.file(reader);
    if (!deck.empty()) require_no_input(context, owners, replaced, deck, "", "-options_file");
    for (const std::string& text : texts_of(sources.value(reader)))
      require_no_input(context, owners, replaced, text, sources.folder(reader), reader);
  }
}

} // namespace

void require_writable_outputs(const core::AppContext& context, OptionPairs files,
                              const OptionPairs& replaced, const OptionPairs& inputs) {
  if (!context.results_file().empty())
    files.emplace_back("-linnet_results", context.results_file());
  core::on_first_rank(context.comm(), [&] {
    const Owners owners = owners_of(context, files);
    require_no_inputs(context, owners, replaced);
    for (const auto& [reader, file] : inputs)
      require_no_input(context, owners, replaced, file, "", reader);
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
