// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/io/writable_outputs.hpp>

#include <linnet/core/agreement.hpp>
#include <linnet/io/atomic_file.hpp>

#include <filesystem>
#include <map>

namespace linnet::io {

void require_writable_outputs(const core::AppContext& context,
                              std::vector<std::pair<std::string, std::string>> files) {
  if (!context.results_file().empty())
    files.emplace_back("-linnet_results", context.results_file());
  core::on_first_rank(context.comm(), [&] {
    std::map<std::filesystem::path, std::string> owners;
    for (const auto& [option, file] : files) {
      const auto [other, is_new] = owners.emplace(std::filesystem::weakly_canonical(file), option);
      if (!is_new)
        core::throw_usage(context.options().sources().place(option) + ": " + file +
                          " is written by " + other->second + ", too; name another file");
    }
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
