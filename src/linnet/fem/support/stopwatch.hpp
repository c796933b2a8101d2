// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Seconds of a piece of work.
#pragma once

#include <mpi.h>

namespace linnet::fem {

/// Adds the wall-clock seconds of its life to a sum.
class Stopwatch {
public:
  explicit Stopwatch(double& sum) : sum_(sum), begin_(MPI_Wtime()) {}
  ~Stopwatch() { sum_ += MPI_Wtime() - begin_; }
  Stopwatch(const Stopwatch&) = delete;
  Stopwatch& operator=(const Stopwatch&) = delete;

private:
  double& sum_;
  double begin_;
};

} // namespace linnet::fem
