// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Loops over blocks of work on the threads of the host, for kernels beside libraries that live
/// there (FFTW, BLAS).
#pragma once

#include <linnet/kernels/compat.hpp>

namespace linnet::kernels {

using HostThreads = Kokkos::DefaultHostExecutionSpace;

/// body(block) for 0 <= block < count, in any order. Blocks must not write to the same place.
template <class Body>
void for_blocks(const char* label, long count, const Body& body) {
  using Policy = Kokkos::RangePolicy<HostThreads, Kokkos::IndexType<long>>;
  Kokkos::parallel_for(label, Policy(0, count), [&](const long block) { body(block); });
}

/// Threads that for_blocks() may use.
inline int host_threads() { return HostThreads().concurrency(); }

/// The number of a thread among host_threads() while the object lives; several threads never have
/// the same.
class ThreadNumber {
public:
  using Tokens = Kokkos::Experimental::UniqueToken<HostThreads>;
  explicit ThreadNumber(const Tokens& tokens) : tokens_(tokens), value_(tokens_.acquire()) {}
  ~ThreadNumber() { tokens_.release(value_); }
  ThreadNumber(const ThreadNumber&) = delete;
  ThreadNumber& operator=(const ThreadNumber&) = delete;
  [[nodiscard]] long value() const { return value_; }

private:
  const Tokens& tokens_;
  long value_;
};

} // namespace linnet::kernels
