// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/fractional/pencil_eigenvalues.hpp>

#include <linnet/core/agreement.hpp>

#include <petscblaslapack.h>

#include <algorithm>
#include <cmath>

namespace linnet::fractional {

namespace {

using Block = std::vector<double>; // by columns

// B X = C; X in place of C.
void solve(Block b, Block& c, long size) {
  const auto n = static_cast<PetscBLASInt>(size);
  PetscBLASInt info = 0;
  std::vector<PetscBLASInt> pivots(static_cast<std::size_t>(size));
  LAPACKgesv_(&n, &n, b.data(), &n, pivots.data(), c.data(), &n, &info);
  if (info != 0)
    throw core::Error(core::ExitCode::internal, "a mass matrix or a matrix of eigenvectors is "
                                                "singular");
}

Block identity(long size) {
  Block unit(static_cast<std::size_t>(size * size), 0.0);
  for (long i = 0; i < size; ++i) unit[static_cast<std::size_t>(i * (size + 1))] = 1.0;
  return unit;
}

Block product(const Block& a, const Block& b, long size) {
  Block c(a.size());
  const auto n = static_cast<PetscBLASInt>(size);
  const PetscScalar one = 1.0, zero = 0.0;
  BLASgemm_("N", "N", &n, &n, &n, &one, a.data(), &n, b.data(), &n, &zero, c.data(), &n);
  return c;
}

/// Real eigenvalues and eigenvectors of @p a; false where some are complex or not positive.
bool eigenvalues(Block a, long size, double* lambda, Block& vectors) {
  const auto n = static_cast<PetscBLASInt>(size);
  std::vector<double> imaginary(static_cast<std::size_t>(size));
  vectors.resize(a.size());
  PetscBLASInt info = 0, ask = -1;
  double unused = 0.0, best = 0.0;
  const PetscBLASInt one = 1;
  LAPACKgeev_("N", "V", &n, a.data(), &n, lambda, imaginary.data(), &unused, &one, vectors.data(),
              &n, &best, &ask, &info);
  std::vector<double> work(static_cast<std::size_t>(best));
  const auto room = static_cast<PetscBLASInt>(work.size());
  LAPACKgeev_("N", "V", &n, a.data(), &n, lambda, imaginary.data(), &unused, &one, vectors.data(),
              &n, work.data(), &room, &info);
  return info == 0 &&
         std::all_of(imaginary.begin(), imaginary.end(), [](double v) { return v == 0.0; }) &&
         std::all_of(lambda, lambda + size, [](double v) { return v > 0.0; });
}

/// One block of a direction: V and V^-1 M^-1.
struct Half {
  bool real = true;
  std::vector<double> lambda;
  Block vectors, inverse;
};

Half half(const Block& operator_block, const Block& mass, long size, bool has_operator) {
  Half h;
  h.lambda.assign(static_cast<std::size_t>(size), 0.0);
  if (size == 0) return h;
  if (!has_operator) {
    h.vectors = identity(size);
    solve(mass, h.vectors, size); // M^-1
    h.inverse = identity(size);
    return h;
  }
  Block pencil = operator_block;
  solve(mass, pencil, size);
  h.real = eigenvalues(pencil, size, h.lambda.data(), h.vectors);
  h.inverse = identity(size);
  if (h.real) solve(product(mass, h.vectors, size), h.inverse, size);
  return h;
}

FoldedMatrix folded(const RieszAxisTerms& axis, const std::vector<CollocationTerm>& terms) {
  FoldedMatrix zero;
  zero.size = axis.size();
  if (terms.empty()) return zero;
  return FoldedMatrix::fold(axis.size(), dense_rows(terms, 0, axis.size()));
}

bool alike(const RieszAxisTerms& a, const RieszAxisTerms& b) {
  return a.size() == b.size() && a.basis.degree() == b.basis.degree() &&
         a.riesz.alpha() == b.riesz.alpha() && a.factor == b.factor;
}

void broadcast(std::vector<double>& values, std::size_t count, int root, MPI_Comm comm) {
  values.resize(count);
  MPI_Bcast(values.data(), static_cast<int>(count), MPI_DOUBLE, root, comm);
}

} // namespace

std::optional<std::vector<PencilEigenvalues>> pencil_eigenvalues(MPI_Comm comm,
                                                                 const RieszTerms& terms) {
  int rank = 0, ranks = 1, next = 0;
  MPI_Comm_rank(comm, &rank);
  MPI_Comm_size(comm, &ranks);
  std::vector<std::array<Half, 2>> halves(terms.axes.size());
  std::vector<std::size_t> same(terms.axes.size());
  std::vector<std::array<int, 2>> owner(terms.axes.size());
  bool real = true;
  core::together(comm, [&] {
    for (std::size_t d = 0; d < halves.size(); ++d) {
      const RieszAxisTerms& axis = *terms.axes[d];
      same[d] = 0;
      while (!alike(axis, *terms.axes[same[d]])) ++same[d];
      if (same[d] < d) continue;
      owner[d] = {next % ranks, (next + 1) % ranks};
      next += 2;
      if (rank != owner[d][0] && rank != owner[d][1]) continue;
      const FoldedMatrix a = folded(axis, axis.operator_terms()),
                         m = folded(axis, axis.mass_terms());
      const bool has_operator = axis.factor > 0.0;
      if (rank == owner[d][0]) halves[d][0] = half(a.even, m.even, a.even_size(), has_operator);
      if (rank == owner[d][1]) halves[d][1] = half(a.odd, m.odd, a.odd_size(), has_operator);
      real = real && halves[d][0].real && halves[d][1].real;
    }
  });
  int all_real = real ? 1 : 0;
  MPI_Allreduce(MPI_IN_PLACE, &all_real, 1, MPI_INT, MPI_MIN, comm);
  if (all_real == 0) return std::nullopt;
  std::vector<PencilEigenvalues> result;
  for (std::size_t d = 0; d < halves.size(); ++d) {
    if (same[d] < d) {
      result.push_back(result[same[d]]);
      continue;
    }
    PencilEigenvalues p;
    p.vectors.size = p.inverse.size = terms.axes[d]->size();
    for (std::size_t k = 0; k < 2; ++k) {
      Half& h = halves[d][k];
      const auto size =
          static_cast<std::size_t>(k == 0 ? p.vectors.even_size() : p.vectors.odd_size());
      broadcast(h.lambda, size, owner[d][k], comm);
      broadcast(h.vectors, size * size, owner[d][k], comm);
      broadcast(h.inverse, size * size, owner[d][k], comm);
      p.lambda.insert(p.lambda.end(), h.lambda.begin(), h.lambda.end());
      (k == 0 ? p.vectors.even : p.vectors.odd) = std::move(h.vectors);
      (k == 0 ? p.inverse.even : p.inverse.odd) = std::move(h.inverse);
    }
    result.push_back(std::move(p));
  }
  return result;
}

} // namespace linnet::fractional
