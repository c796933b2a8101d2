// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/problems/diffusion/null_space.hpp>

#include <linnet/problems/geometry/components.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace linnet::problems {

namespace {

MPI_Comm comm_of(DM dm) { return PetscObjectComm(reinterpret_cast<PetscObject>(dm)); }

template <class T>
void reduce(MPI_Comm comm, std::vector<T>& values, MPI_Datatype type, MPI_Op op) {
  LINNET_CHECK(static_cast<PetscErrorCode>(
      MPI_Allreduce(MPI_IN_PLACE, values.data(), static_cast<int>(values.size()), type, op, comm)));
}

/// Calls body(i, j, k, label) for the owned fluid cells.
template <class Body>
void visit_labels(DM dm, Vec labels, Body&& body) {
  const grid::IndexBox box = owned_cells(dm);
  const CellArray label(labels, box, grid::Access::read);
  visit_cells(box, [&](int i, int j, int k) {
    if (label(i, j, k) >= 0.0) body(i, j, k, static_cast<std::size_t>(label(i, j, k)));
  });
}

} // namespace

FloatingPieces::FloatingPieces(DiffusionSystem& system, Vec mask, Compatibility compatibility) {
  collect(system, mask);
  balance(system, compatibility);
  null_ = pieces_;
  std::stable_sort(null_.begin(), null_.end(),
                   [](const Piece& a, const Piece& b) { return a.cells > b.cells; });
  for (std::size_t p = max_null_vectors; p < null_.size(); ++p) pin(system, null_[p]);
  if (null_.size() > max_null_vectors) null_.resize(max_null_vectors);
}

void FloatingPieces::collect(DiffusionSystem& system, Vec mask) {
  labels_ = make_cell_vector(system.dm(), "components");
  LINNET_CHECK(label_components(system.dm(), mask, labels_.get(), &components_));
  const auto n = static_cast<std::size_t>(components_);
  std::vector<double> held(n, 0.0), imbalance(n, 0.0), magnitude(n, 0.0);
  std::vector<std::int64_t> cells(n, 0), first(n, std::numeric_limits<std::int64_t>::max());
  {
    const grid::IndexBox box = owned_cells(system.dm());
    const CellArray sum(system.row_sum(), box, grid::Access::read);
    const CellArray b(system.rhs(), box, grid::Access::read);
    const auto& size = system.model().grid.cells;
    visit_labels(system.dm(), labels_.get(), [&](int i, int j, int k, std::size_t label) {
      held[label] += std::abs(sum(i, j, k));
      imbalance[label] += b(i, j, k);
      magnitude[label] += std::abs(b(i, j, k));
      ++cells[label];
      const std::int64_t natural = i + std::int64_t{size[0]} * (j + std::int64_t{size[1]} * k);
      first[label] = std::min(first[label], natural);
    });
  }
  const MPI_Comm comm = comm_of(system.dm());
  reduce(comm, held, MPI_DOUBLE, MPI_SUM);
  reduce(comm, imbalance, MPI_DOUBLE, MPI_SUM);
  reduce(comm, magnitude, MPI_DOUBLE, MPI_SUM);
  reduce(comm, cells, MPI_INT64_T, MPI_SUM);
  reduce(comm, first, MPI_INT64_T, MPI_MIN);
  for (std::size_t c = 0; c < n; ++c)
    if (held[c] == 0.0)
      pieces_.push_back({static_cast<PetscInt>(c), cells[c], first[c], imbalance[c], magnitude[c]});
  if (pieces_.empty()) labels_.reset();
  all_cells_ = pieces_.size() == 1 && pieces_[0].cells == core::volume(system.model().grid.cells);
}

// Rounding in a sum of n terms of either sign grows like the root of n.
void FloatingPieces::balance(DiffusionSystem& system, Compatibility compatibility) const {
  if (pieces_.empty()) return;
  const auto n = static_cast<std::size_t>(components_);
  std::vector<double> shift(n, 0.0), negligible(n, -1.0), left(n, 0.0);
  for (const Piece& p : pieces_) {
    const double rounding = std::numeric_limits<double>::epsilon() *
                            (16.0 + 4.0 * std::sqrt(static_cast<double>(p.cells))) * p.magnitude;
    if (compatibility == Compatibility::error && std::abs(p.imbalance) > rounding) {
      char text[512];
      std::snprintf(
          text, sizeof text,
          "the data do not balance: sources plus boundary inflow add up to %.6e (of "
          "%.6e in absolute values) in a piece of %lld cells where no boundary fixes u; "
          "change -diffusion_source or the -diffusion_bc values, set a dirichlet or robin "
          "face, or take -diffusion_compatibility project",
          p.imbalance, p.magnitude, static_cast<long long>(p.cells));
      core::throw_usage(text);
    }
    const auto label = static_cast<std::size_t>(p.label);
    shift[label] = p.imbalance / static_cast<double>(p.cells);
    negligible[label] = rounding;
  }
  CellArray b(system.rhs(), owned_cells(system.dm()), grid::Access::read_write);
  visit_labels(system.dm(), labels_.get(), [&](int i, int j, int k, std::size_t label) {
    b(i, j, k) -= shift[label];
    left[label] += std::abs(b(i, j, k));
  });
  // A constant source leaves nothing but rounding, which is no right-hand side to solve for.
  reduce(comm_of(system.dm()), left, MPI_DOUBLE, MPI_SUM);
  visit_labels(system.dm(), labels_.get(), [&](int i, int j, int k, std::size_t label) {
    if (left[label] <= negligible[label]) b(i, j, k) = 0.0;
  });
}

void FloatingPieces::pin(DiffusionSystem& system, const Piece& piece) const {
  const auto& grid = system.model().grid;
  const core::Index3 at{
      static_cast<int>(piece.first % grid.cells[0]),
      static_cast<int>(piece.first / grid.cells[0] % grid.cells[1]),
      static_cast<int>(piece.first / (std::int64_t{grid.cells[0]} * grid.cells[1]))};
  const grid::IndexBox box = owned_cells(system.dm());
  CellArray sum(system.row_sum(), box, grid::Access::read_write); // marks the Vec on all ranks
  if (!box.contains(at)) return;
  const CellArray kappa(system.ghosted_kappa(), ghosted_cells(system.dm()), grid::Access::read);
  const double scale = grid.face_area(0) / grid.spacing(0) * system.model().tensor.diagonal[0];
  sum(at[0], at[1], at[2]) += scale * kappa(at[0], at[1], at[2]);
}

void FloatingPieces::attach(DM cells, Mat A) const {
  if (null_.empty()) return;
  std::vector<Owned<Vec>> vectors;
  std::vector<Vec> handles;
  for (const Piece& piece : null_) {
    if (all_cells_) break;
    vectors.push_back(make_cell_vector(cells, "null_vector"));
    handles.push_back(vectors.back().get());
    CellArray v(handles.back(), owned_cells(cells), grid::Access::read_write);
    const double value = 1.0 / std::sqrt(static_cast<double>(piece.cells));
    visit_labels(cells, labels_.get(), [&](int i, int j, int k, std::size_t label) {
      if (label == static_cast<std::size_t>(piece.label)) v(i, j, k) = value;
    });
  }
  MatNullSpace raw = nullptr;
  LINNET_CHECK(MatNullSpaceCreate(comm_of(cells), all_cells_ ? PETSC_TRUE : PETSC_FALSE,
                                  static_cast<PetscInt>(handles.size()), handles.data(), &raw));
  const Owned<MatNullSpace> space(raw);
  LINNET_CHECK(MatSetNullSpace(A, raw));
  LINNET_CHECK(MatSetTransposeNullSpace(A, raw));
}

void FloatingPieces::remove_means(DM cells, Vec u) const {
  if (pieces_.empty()) return;
  std::vector<double> mean(static_cast<std::size_t>(components_), 0.0);
  CellArray values(u, owned_cells(cells), grid::Access::read_write);
  visit_labels(cells, labels_.get(),
               [&](int i, int j, int k, std::size_t label) { mean[label] += values(i, j, k); });
  reduce(comm_of(cells), mean, MPI_DOUBLE, MPI_SUM);
  std::vector<double> shift(mean.size(), 0.0);
  for (const Piece& p : pieces_) {
    const auto c = static_cast<std::size_t>(p.label);
    shift[c] = mean[c] / static_cast<double>(p.cells);
  }
  visit_labels(cells, labels_.get(),
               [&](int i, int j, int k, std::size_t label) { values(i, j, k) -= shift[label]; });
}

std::int64_t FloatingPieces::floating_cells() const {
  return std::accumulate(pieces_.begin(), pieces_.end(), std::int64_t{0},
                         [](std::int64_t sum, const Piece& p) { return sum + p.cells; });
}

double FloatingPieces::removed() const {
  return std::accumulate(pieces_.begin(), pieces_.end(), 0.0,
                         [](double sum, const Piece& p) { return sum + p.imbalance; });
}

std::int64_t FloatingPieces::largest_floating() const {
  return null_.empty() ? 0 : null_.front().cells;
}

} // namespace linnet::problems
