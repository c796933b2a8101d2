// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/io/h5_support.hpp>

#include <linnet/core/error.hpp>

#include <cstdlib>

namespace linnet::io {

namespace {

void be_silent() { H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr); }

/// What HDF5 has read of a damaged object it never frees, and it says so when the program ends,
/// where it may print. Handlers run backwards: this one before that of the library, in programs
/// that end by themselves.
void end_in_silence() {
  static const int registered = std::atexit(be_silent);
  static_cast<void>(registered);
}

} // namespace

H5Silence::H5Silence() {
  H5Eget_auto2(H5E_DEFAULT, &function_, &data_);
  H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);
}

H5Silence::~H5Silence() {
  if (H5Eget_num(H5E_DEFAULT) > 0) end_in_silence();
  H5Eset_auto2(H5E_DEFAULT, function_, data_);
}

std::string h5_cause() {
  std::string cause;
  // Walking upward meets the innermost error first.
  const auto first_entry = [](unsigned n, const H5E_error2_t* entry, void* target) -> herr_t {
    if (n == 0 && entry->desc) *static_cast<std::string*>(target) = entry->desc;
    return 0;
  };
  H5Ewalk2(H5E_DEFAULT, H5E_WALK_UPWARD, first_entry, &cause);
  for (char& c : cause)
    if (c == '\n' || c == '\r') c = ' ';
  return cause;
}

void throw_h5(const std::string& file, const std::string& what) {
  const std::string cause = h5_cause();
  core::throw_data(file + ": " + what + (cause.empty() ? "" : " (HDF5: " + cause + ")"));
}

H5Handle h5_handle(hid_t id, H5Handle::Closer closer, const std::string& file,
                   const std::string& what) {
  if (id < 0) throw_h5(file, what);
  return {id, closer};
}

} // namespace linnet::io
