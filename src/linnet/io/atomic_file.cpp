// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/io/atomic_file.hpp>

#include <linnet/core/error.hpp>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>

namespace linnet::io {
namespace {

[[noreturn]] void throw_system(const std::string& path, const std::string& what, int code) {
  std::string cause = std::strerror(code);
  if (code == ENOSPC || code == EDQUOT) cause = "no space left on the disk";
  if (code == EFBIG) cause = "no space left (file size limit)";
  core::throw_data(path + ": " + what + ": " + cause);
}

constexpr const char* cannot_be_written = "cannot be written";

class Descriptor {
public:
  Descriptor(const std::string& path, int flags) : fd_(::open(path.c_str(), flags, 0666)) {
    if (fd_ < 0) throw_system(path, "cannot be opened", errno);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  [[nodiscard]] int get() const { return fd_; }
  /// Some file systems report a full disk only here.
  int close() {
    const int result = ::close(fd_) == 0 ? 0 : errno;
    fd_ = -1;
    return result;
  }

private:
  int fd_;
};

void write_all(int fd, std::string_view text, const std::string& path) {
  while (!text.empty()) {
    const ssize_t n = ::write(fd, text.data(), text.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) throw_system(path, cannot_be_written, errno);
    text.remove_prefix(static_cast<std::size_t>(n));
  }
}

void write_and_flush(const std::string& path, std::string_view text) {
  Descriptor file(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC);
  write_all(file.get(), text, path);
  if (::fsync(file.get()) != 0 && errno != EINVAL) throw_system(path, cannot_be_written, errno);
  if (const int code = file.close()) throw_system(path, cannot_be_written, code);
}

} // namespace

void write_file_atomically(const std::string& path, std::string_view text) {
  const std::string temporary = path + ".tmp";
  try {
    write_and_flush(temporary, text);
    rename_durably(temporary, path);
  } catch (...) {
    ::unlink(temporary.c_str());
    throw;
  }
}

void require_writable(const std::string& path) {
  std::error_code ignored;
  if (std::filesystem::is_directory(path, ignored)) throw_system(path, cannot_be_written, EISDIR);
  // A device or pipe would be replaced by a file.
  if (std::filesystem::exists(path, ignored) && !std::filesystem::is_regular_file(path, ignored))
    core::throw_data(path + ": cannot be written: it is not a regular file");
  create_parent_folder(path);
  const std::string trial = path + ".try";
  const int fd = ::open(trial.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0666);
  if (fd < 0) throw_system(path, cannot_be_written, errno);
  ::close(fd);
  ::unlink(trial.c_str());
}

void rename_durably(const std::string& from, const std::string& to) {
  if (std::rename(from.c_str(), to.c_str()) != 0)
    throw_system(to, "cannot take the place of the old file", errno);
  const auto parent = std::filesystem::path(to).parent_path();
  // Not every file system can flush a folder; the renaming itself has succeeded.
  const int folder = ::open(parent.empty() ? "." : parent.c_str(), O_RDONLY | O_CLOEXEC);
  if (folder < 0) return;
  ::fsync(folder);
  ::close(folder);
}

void flush_to_disk(const std::string& path) {
  Descriptor file(path, O_RDWR | O_CLOEXEC);
  if (::fsync(file.get()) != 0 && errno != EINVAL) throw_system(path, cannot_be_written, errno);
}

void reserve_space(const std::string& path, std::int64_t offset, std::int64_t length) {
  Descriptor file(path, O_RDWR | O_CLOEXEC);
  const int code = ::posix_fallocate(file.get(), offset, length);
  if (code == 0 || code == EINVAL || code == EOPNOTSUPP) return;
  throw_system(path, cannot_be_written, code);
}

void create_parent_folder(const std::string& path) {
  const auto parent = std::filesystem::path(path).parent_path();
  if (parent.empty()) return;
  std::error_code error;
  std::filesystem::create_directories(parent, error);
  if (error) core::throw_data(parent.string() + ": folder cannot be created: " + error.message());
}

} // namespace linnet::io
