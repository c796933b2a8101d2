// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include "riesz_peers.hpp"

#include <linnet/fractional/collocation_entries.hpp>
#include <linnet/io/vec_array.hpp>
#include <linnet/kernels/staging.hpp>

#include <algorithm>
#include <cmath>
#include <memory>

namespace linnet::benchmark {

using namespace fractional;

namespace {

/// The B-splines that are not zero at a collocation point: value and minus the second derivative.
struct SparseRow {
  std::vector<PetscInt> column;
  std::vector<double> mass, laplacian;
};

std::vector<SparseRow> rows_of(const RieszAxis& axis) {
  const SplineBasis basis(axis.spans, static_cast<int>(axis.degree));
  const double scale =
      axis.coefficient * std::pow(static_cast<double>(axis.spans) / axis.length, 2.0);
  std::vector<std::vector<BernsteinPiece>> second;
  const long edge = basis.degree() + 1; // beyond it all B-splines are translates of one
  const auto pieces_of = [&](long j) {
    if (!basis.is_central(j)) return basis.pieces(j, 2);
    const long model = std::clamp(j, std::min(edge, basis.unknowns() / 2),
                                  std::max(basis.unknowns() - 1 - edge, basis.unknowns() / 2));
    std::vector<BernsteinPiece> pieces = basis.pieces(model, 2);
    for (BernsteinPiece& piece : pieces) {
      piece.begin += static_cast<double>(j - model);
      piece.end += static_cast<double>(j - model);
    }
    return pieces;
  };
  std::vector<SparseRow> rows;
  for (long i = 0; i < basis.unknowns(); ++i) {
    const double x = basis.greville(i);
    const SplineBasis::Values v = basis.values(x);
    SparseRow row;
    for (int k = 0; k < v.count; ++k) {
      const long j = v.first + k;
      if (j < 0 || j >= basis.unknowns()) continue;
      double derivative = 0.0;
      for (const BernsteinPiece& piece : pieces_of(j))
        if (x >= piece.begin && x < piece.end) derivative = piece(x);
      row.column.push_back(static_cast<PetscInt>(j));
      row.mass.push_back(v.value[static_cast<std::size_t>(k)]);
      row.laplacian.push_back(-scale * derivative);
    }
    rows.push_back(std::move(row));
  }
  return rows;
}

/// The Kronecker sum of the rows @p at of all directions.
struct SumRow {
  std::vector<PetscInt> column{0};
  std::vector<double> mass{1.0}, laplacian{0.0};

  void extend(const SparseRow& axis, PetscInt stride) {
    SumRow next{{}, {}, {}};
    for (std::size_t a = 0; a < axis.column.size(); ++a)
      for (std::size_t k = 0; k < column.size(); ++k) {
        next.column.push_back(column[k] + stride * axis.column[a]);
        next.mass.push_back(mass[k] * axis.mass[a]);
        next.laplacian.push_back(laplacian[k] * axis.mass[a] + mass[k] * axis.laplacian[a]);
      }
    *this = std::move(next);
  }
};

} // namespace

PetscErrorCode make_sparse(Mat riesz, Mat* sparse) {
  PetscFunctionBeginUser;
  RieszOptions options;
  PetscInt n, local, begin, end;
  PetscCall(MatRieszGetOptions(riesz, &options));
  PetscCall(MatGetSize(riesz, &n, nullptr));
  PetscCall(MatGetLocalSize(riesz, &local, nullptr));
  PetscCall(MatGetOwnershipRange(riesz, &begin, &end));
  std::vector<std::vector<SparseRow>> axes;
  PetscInt most = 1;
  for (PetscInt d = 0; d < options.dim; ++d) {
    axes.push_back(rows_of(options.axis[static_cast<std::size_t>(d)]));
    most *= options.axis[static_cast<std::size_t>(d)].degree + 1;
  }
  PetscCall(MatCreateAIJ(PetscObjectComm(reinterpret_cast<PetscObject>(riesz)), local, local, n, n,
                         most, nullptr, most, nullptr, sparse));
  PetscCall(MatSetOption(*sparse, MAT_NEW_NONZERO_ALLOCATION_ERR, PETSC_FALSE));
  for (PetscInt i = begin; i < end; ++i) {
    SumRow row;
    PetscInt rest = i, stride = 1;
    for (const auto& axis : axes) {
      const auto size = static_cast<PetscInt>(axis.size());
      row.extend(axis[static_cast<std::size_t>(rest % size)], stride);
      rest /= size;
      stride *= size;
    }
    for (std::size_t k = 0; k < row.column.size(); ++k)
      row.laplacian[k] += options.reaction * row.mass[k];
    PetscCall(MatSetValues(*sparse, 1, &i, static_cast<PetscInt>(row.column.size()),
                           row.column.data(), row.laplacian.data(), INSERT_VALUES));
  }
  PetscCall(MatAssemblyBegin(*sparse, MAT_FINAL_ASSEMBLY));
  PetscCall(MatAssemblyEnd(*sparse, MAT_FINAL_ASSEMBLY));
  PetscFunctionReturn(PETSC_SUCCESS);
}

namespace {

/// On whole vectors: one rank.
struct Circulant {
  RealFfts fft;
  std::vector<double> inverse; ///< of the eigenvalues, over the length
};

template <class Value>
void set_values(RealFfts& fft, const Value& value) {
  const kernels::HostWrite<double> values(fft.values(), static_cast<std::size_t>(fft.length()));
  for (long i = 0; i < fft.length(); ++i) values.data()[i] = value(i);
  values.finish();
}

PetscErrorCode apply_circulant(PC pc, Vec x, Vec y) {
  PetscFunctionBeginUser;
  Circulant* c;
  PetscCall(PCShellGetContext(pc, &c));
  LINNET_PETSC_GUARD({
    const io::VecReadArray from(x);
    const io::VecWriteArray to(y);
    set_values(c->fft, [&](long i) { return from.data()[i]; });
    c->fft.forward();
    const auto size = static_cast<std::size_t>(c->fft.spectrum_length());
    const kernels::HostRead<kernels::Complex> spectrum(c->fft.spectrum(), size);
    const kernels::HostWrite<kernels::Complex> scaled(c->fft.spectrum(), size);
    for (std::size_t k = 0; k < size; ++k) scaled.data()[k] = spectrum.data()[k] * c->inverse[k];
    scaled.finish();
    c->fft.backward();
    const auto length = static_cast<std::size_t>(c->fft.length());
    std::copy_n(kernels::HostRead<double>(c->fft.values(), length).data(), length, to.data());
  });
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode destroy_circulant(PC pc) {
  PetscFunctionBeginUser;
  Circulant* c;
  PetscCall(PCShellGetContext(pc, &c));
  delete c;
  PetscFunctionReturn(PETSC_SUCCESS);
}

} // namespace

PetscErrorCode set_circulant(Mat riesz, PC pc) {
  PetscFunctionBeginUser;
  RieszOptions options;
  PetscMPIInt ranks;
  PetscCallMPI(MPI_Comm_size(PetscObjectComm(reinterpret_cast<PetscObject>(riesz)), &ranks));
  PetscCall(MatRieszGetOptions(riesz, &options));
  PetscCheck(ranks == 1 && options.dim == 1, PETSC_COMM_WORLD, PETSC_ERR_SUP,
             "circulant: one rank and one direction only");
  const RieszAxis& axis = options.axis[0];
  LINNET_PETSC_GUARD({
    const SplineBasis basis(axis.spans, static_cast<int>(axis.degree));
    const RieszEntries entries(basis, axis.alpha);
    const long n = basis.unknowns();
    const std::vector<double> t = entries.toeplitz(0, n / 2 + 1);
    const double scale =
        axis.coefficient * std::pow(static_cast<double>(axis.spans) / axis.length, axis.alpha);
    auto c = std::make_unique<Circulant>(Circulant{RealFfts(n), {}});
    set_values(c->fft, [&](long k) { return t[static_cast<std::size_t>(std::min(k, n - k))]; });
    c->fft.forward();
    const auto size = static_cast<std::size_t>(c->fft.spectrum_length());
    const kernels::HostRead<kernels::Complex> spectrum(c->fft.spectrum(), size);
    for (std::size_t k = 0; k < size; ++k)
      c->inverse.push_back(1.0 / (scale * spectrum.data()[k].real() * static_cast<double>(n)));
    LINNET_CHECK(PCSetType(pc, PCSHELL));
    LINNET_CHECK(PCShellSetApply(pc, apply_circulant));
    LINNET_CHECK(PCShellSetDestroy(pc, destroy_circulant));
    LINNET_CHECK(PCShellSetContext(pc, c.release()));
  });
  PetscFunctionReturn(PETSC_SUCCESS);
}

} // namespace linnet::benchmark
