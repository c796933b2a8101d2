// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// The leak check of the address sanitizer.
#pragma once

#ifdef __SANITIZE_ADDRESS__
#include <sanitizer/lsan_interface.h>
#endif

namespace linnet::tests {

/// While it lives, allocations are not counted: those of MPI's start last as long as the process.
struct [[maybe_unused]] NoLeakCheck {
#ifdef __SANITIZE_ADDRESS__
  NoLeakCheck() { __lsan_disable(); }
  ~NoLeakCheck() { __lsan_enable(); }
  NoLeakCheck(const NoLeakCheck&) = delete;
  NoLeakCheck& operator=(const NoLeakCheck&) = delete;
#endif
};

/// Ends the program if memory has been leaked. Before MPI is finalised: what its plug-ins keep
/// until then cannot be told from a leak once they are unloaded.
inline void check_leaks() {
#ifdef __SANITIZE_ADDRESS__
  __lsan_do_leak_check();
#endif
}

} // namespace linnet::tests
