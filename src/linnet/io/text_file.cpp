// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/io/text_file.hpp>

#include <linnet/core/agreement.hpp>

#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>

namespace linnet::io {

std::string read_text_file(const std::string& path, const std::string& what, std::size_t most) {
  std::error_code ignored;
  if (std::filesystem::is_directory(path, ignored))
    core::throw_data(path + ": is a folder, not a " + what);
  std::ifstream stream(path, std::ios::binary);
  if (!stream)
    core::throw_data(path + ": cannot read the " + what + ": " + std::strerror(errno) +
                     "; check the path");
  // Not the size that the system reports: devices and pipes have none.
  std::string text;
  std::array<char, 4096> part;
  while (text.size() <= most && stream.read(part.data(), part.size()).gcount() > 0)
    text.append(part.data(), static_cast<std::size_t>(stream.gcount()));
  if (stream.bad()) core::throw_data(path + ": cannot read the " + what + " to its end");
  if (text.size() > most)
    core::throw_data(path + ": is larger than " + std::to_string(most >> 10) + " KiB, which no " +
                     what + " may be");
  return text;
}

std::string read_text_file(MPI_Comm comm, const std::string& path, const std::string& what,
                           std::size_t most) {
  std::string text;
  core::on_first_rank(comm, [&] { text = read_text_file(path, what, most); });
  auto size = static_cast<int>(text.size());
  MPI_Bcast(&size, 1, MPI_INT, 0, comm);
  text.resize(static_cast<std::size_t>(size));
  MPI_Bcast(text.data(), size, MPI_CHAR, 0, comm);
  return text;
}

} // namespace linnet::io
