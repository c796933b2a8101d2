// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/fractional/gathered_tau.hpp>

#include <linnet/core/text.hpp>

#include <algorithm>

namespace linnet::fractional {

GatheredTau::GatheredTau(MPI_Comm comm, long begin, long end,
                         const std::vector<CollocationTerm>& terms, TauCorrection correction)
    : comm_(comm), begin_(begin), end_(end), inverse_(terms, correction),
      whole_(static_cast<std::size_t>(inverse_.size())) {
  int ranks = 1;
  MPI_Comm_size(comm_, &ranks);
  counts_.resize(static_cast<std::size_t>(ranks));
  starts_.resize(counts_.size());
  const int mine = static_cast<int>(end - begin), start = static_cast<int>(begin);
  MPI_Allgather(&mine, 1, MPI_INT, counts_.data(), 1, MPI_INT, comm_);
  MPI_Allgather(&start, 1, MPI_INT, starts_.data(), 1, MPI_INT, comm_);
}

void GatheredTau::apply(const double* x, double* y, bool transposed) {
  MPI_Allgatherv(x, static_cast<int>(end_ - begin_), MPI_DOUBLE, whole_.data(), counts_.data(),
                 starts_.data(), MPI_DOUBLE, comm_);
  inverse_.apply(whole_.data(), transposed);
  std::copy_n(whole_.begin() + begin_, end_ - begin_, y);
}

std::string GatheredTau::description() const {
  const std::string corner = std::to_string(inverse_.corner());
  return "sine transforms of " + std::to_string(inverse_.padded_size()) +
         " values, least eigenvalue " + core::number_text(inverse_.least_eigenvalue()) +
         (inverse_.corner() > 0 ? "; corners of " + corner + " x " + corner + " corrected"
                                : "; no correction of corners");
}

} // namespace linnet::fractional
