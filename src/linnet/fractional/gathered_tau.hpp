// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// TauInverse for a distributed vector: every rank gathers it and works on the whole.
#pragma once

#include <linnet/fractional/riesz_inverse.hpp>
#include <linnet/fractional/tau_inverse.hpp>

#include <mpi.h>

namespace linnet::fractional {

class GatheredTau final : public RieszInverse {
public:
  /// This rank has the values begin .. end-1, in the order of the ranks. Collective.
  GatheredTau(MPI_Comm comm, long begin, long end, const std::vector<CollocationTerm>& terms,
              TauCorrection correction);
  void apply(const double* x, double* y, bool transposed) override;
  [[nodiscard]] std::string description() const override;

private:
  MPI_Comm comm_;
  long begin_, end_;
  TauInverse inverse_;
  std::vector<double> whole_;
  std::vector<int> counts_, starts_; ///< of the ranks' parts
};

} // namespace linnet::fractional
