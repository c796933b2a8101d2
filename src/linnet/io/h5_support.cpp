// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/io/h5_support.hpp>

#include <linnet/core/error.hpp>

namespace linnet::io {

H5Silence::H5Silence() {
  H5Eget_auto2(H5E_DEFAULT, &function_, &data_);
  H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);
}

H5Silence::~H5Silence() { H5Eset_auto2(H5E_DEFAULT, function_, data_); }

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
