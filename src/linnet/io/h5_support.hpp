// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Owning handles over HDF5's identifiers and its error stack as one line of text.
#pragma once

#include <hdf5.h>

#include <string>
#include <utility>

namespace linnet::io {

/// An HDF5 identifier and the function that closes it.
class H5Handle {
public:
  using Closer = herr_t (*)(hid_t);

  H5Handle() = default;
  H5Handle(hid_t id, Closer closer) : id_(id), closer_(closer) {}
  H5Handle(H5Handle&& other) noexcept
      : id_(std::exchange(other.id_, H5I_INVALID_HID)), closer_(other.closer_) {}
  H5Handle& operator=(H5Handle&& other) noexcept {
    if (this != &other) {
      close();
      id_ = std::exchange(other.id_, H5I_INVALID_HID);
      closer_ = other.closer_;
    }
    return *this;
  }
  H5Handle(const H5Handle&) = delete;
  H5Handle& operator=(const H5Handle&) = delete;
  ~H5Handle() { close(); }

  [[nodiscard]] hid_t get() const { return id_; }
  [[nodiscard]] bool valid() const { return id_ >= 0; }
  /// Closes now; false if HDF5 reports a failure.
  bool close() noexcept {
    if (id_ < 0) return true;
    return closer_(std::exchange(id_, H5I_INVALID_HID)) >= 0;
  }

private:
  hid_t id_ = H5I_INVALID_HID;
  Closer closer_ = nullptr;
};

/// Keeps HDF5 from printing its error stack while it lives; restores what was set before.
class H5Silence {
public:
  H5Silence();
  ~H5Silence();
  H5Silence(const H5Silence&) = delete;
  H5Silence& operator=(const H5Silence&) = delete;

private:
  H5E_auto2_t function_ = nullptr;
  void* data_ = nullptr;
};

/// The innermost entry of HDF5's error stack, on one line; empty when there is none.
std::string h5_cause();

/// Throws core::Error: "<file>: <what>: <cause>".
[[noreturn]] void throw_h5(const std::string& file, const std::string& what);

/// @p id as an owning handle; throws "<file>: <what>: <cause>" when it is invalid.
H5Handle h5_handle(hid_t id, H5Handle::Closer closer, const std::string& file,
                   const std::string& what);

} // namespace linnet::io
