// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include "target.hpp"

#include <linnet/core/kokkos_session.hpp>
#include <support/leak_check.hpp>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <unistd.h>

namespace linnet::fuzz {
namespace {

constexpr std::size_t longest_message = 8192;

/// A folder of this process in memory where there is such a file system: targets write a file for
/// each input.
class Folder {
public:
  Folder() {
    const std::filesystem::path memory("/dev/shm");
    const bool usable = access(memory.c_str(), W_OK) == 0;
    std::string name = (usable ? memory : std::filesystem::temp_directory_path()) / "fuzz.XXXXXX";
    if (mkdtemp(name.data()) == nullptr) std::abort();
    path_ = name;
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

private:
  std::filesystem::path path_;
};

bool is_control(unsigned char c) { return c < 0x20 || c == 0x7f; }

} // namespace

void require_user_error(const core::Error& error) {
  const std::string text = error.what();
  const bool for_user =
      error.code() == core::ExitCode::usage || error.code() == core::ExitCode::data;
  const bool one_line = !text.empty() && text.size() <= longest_message &&
                        std::none_of(text.begin(), text.end(), is_control);
  if (for_user && one_line) return;
  std::fprintf(stderr, "not one line for the user (exit code %d, %zu characters): %s\n",
               static_cast<int>(error.code()), text.size(), text.substr(0, 2000).c_str());
  std::abort();
}

std::string file_with(std::string_view input, const std::string& name) {
  static const Folder folder;
  const std::string path = folder.path() / name;
  std::ofstream file(path, std::ios::binary);
  file.write(input.data(), static_cast<std::streamsize>(input.size()));
  file.close();
  if (!file) std::abort();
  return path;
}

} // namespace linnet::fuzz

namespace {
void finish() {
  linnet::tests::check_leaks();
  static_cast<void>(PetscFinalize());
}
} // namespace

extern "C" int LLVMFuzzerInitialize(int* /*argc*/, char*** argv) {
  // The fuzzer's own arguments are none of PETSc's, and signals are for the fuzzer to report.
  static char quiet[] = "-no_signal_handler";
  static char* arguments[] = {(*argv)[0], quiet, nullptr};
  int count = 2;
  char** given = arguments;
  const linnet::tests::NoLeakCheck start;
  if (PetscInitialize(&count, &given, nullptr, nullptr) != 0) std::abort();
  if (PetscPushErrorHandler(PetscReturnErrorHandler, nullptr) != 0) std::abort();
  if (linnet::core::ensure_kokkos() != 0) std::abort();
  return std::atexit(finish);
}
