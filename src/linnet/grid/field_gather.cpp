// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/grid/field_gather.hpp>

#include <linnet/core/agreement.hpp>

#include <algorithm>

namespace linnet::grid {

namespace {

/// The boxes of all ranks, on the first one.
std::vector<IndexBox> boxes_on_first(MPI_Comm comm, const IndexBox& mine) {
  int rank = 0, ranks = 1;
  MPI_Comm_rank(comm, &rank);
  MPI_Comm_size(comm, &ranks);
  std::vector<int> all(rank == 0 ? 6 * static_cast<std::size_t>(ranks) : 0);
  const int bounds[6] = {mine.lo[0], mine.lo[1], mine.lo[2], mine.hi[0], mine.hi[1], mine.hi[2]};
  MPI_Gather(bounds, 6, MPI_INT, all.data(), 6, MPI_INT, 0, comm);
  std::vector<IndexBox> boxes;
  for (std::size_t i = 0; i < all.size(); i += 6)
    boxes.push_back({{all[i], all[i + 1], all[i + 2]}, {all[i + 3], all[i + 4], all[i + 5]}});
  return boxes;
}

void require_whole_grid(const std::vector<PetscInt>& numbers, const core::Index3& points) {
  std::vector<bool> is_there(static_cast<std::size_t>(core::volume(points)));
  for (const PetscInt n : numbers) is_there[static_cast<std::size_t>(n)] = true;
  if (numbers.size() != is_there.size() ||
      !std::all_of(is_there.begin(), is_there.end(), [](bool there) { return there; }))
    throw core::Error(core::ExitCode::internal, "the boxes of a field do not make up its grid");
}

} // namespace

std::vector<PetscInt> natural_numbers(const IndexBox& box, const core::Index3& points) {
  std::vector<PetscInt> numbers;
  numbers.reserve(static_cast<std::size_t>(box.size()));
  for (PetscInt k = box.lo[2]; k < box.hi[2]; ++k)
    for (PetscInt j = box.lo[1]; j < box.hi[1]; ++j)
      for (PetscInt i = box.lo[0]; i < box.hi[0]; ++i)
        numbers.push_back((k * points[1] + j) * points[0] + i);
  return numbers;
}

FieldGather::FieldGather(MPI_Comm comm, const core::Index3& points, const IndexBox& box)
    : part_size_(static_cast<std::size_t>(box.size())) {
  std::vector<PetscInt> numbers; // of the points of the boxes, rank after rank
  for (const IndexBox& b : boxes_on_first(comm, box)) {
    const std::vector<PetscInt> more = natural_numbers(b, points);
    numbers.insert(numbers.end(), more.begin(), more.end());
  }
  core::on_first_rank(comm, [&] { require_whole_grid(numbers, points); });
  whole_size_ = numbers.size();
  make_scatter(comm, numbers);
}

void FieldGather::make_scatter(MPI_Comm comm, const std::vector<PetscInt>& numbers) {
  Vec v = nullptr;
  LINNET_CHECK(VecCreateMPIWithArray(comm, 1, static_cast<PetscInt>(part_size_), PETSC_DETERMINE,
                                     nullptr, &v));
  part_.reset(v);
  const auto count = static_cast<PetscInt>(whole_size_);
  LINNET_CHECK(VecCreateSeqWithArray(PETSC_COMM_SELF, 1, count, nullptr, &v));
  whole_.reset(v);
  IS from = nullptr, to = nullptr;
  VecScatter scatter = nullptr;
  LINNET_CHECK(ISCreateStride(PETSC_COMM_SELF, count, 0, 1, &from));
  LINNET_CHECK(ISCreateGeneral(PETSC_COMM_SELF, count, numbers.data(), PETSC_COPY_VALUES, &to));
  LINNET_CHECK(VecScatterCreate(part_.get(), from, whole_.get(), to, &scatter));
  scatter_.reset(scatter);
  LINNET_CHECK(ISDestroy(&from));
  LINNET_CHECK(ISDestroy(&to));
}

// The vectors lend their layout; one of them is only read, whatever its array's type says.
void FieldGather::move(int channels, const double* part, const double* whole, ScatterMode mode) {
  const bool gathers = mode == SCATTER_FORWARD;
  Vec from = gathers ? part_.get() : whole_.get(), to = gathers ? whole_.get() : part_.get();
  for (int c = 0; c < channels; ++c) {
    LINNET_CHECK(VecPlaceArray(part_.get(), part));
    LINNET_CHECK(VecPlaceArray(whole_.get(), whole));
    LINNET_CHECK(VecScatterBegin(scatter_.get(), from, to, INSERT_VALUES, mode));
    LINNET_CHECK(VecScatterEnd(scatter_.get(), from, to, INSERT_VALUES, mode));
    LINNET_CHECK(VecResetArray(part_.get()));
    LINNET_CHECK(VecResetArray(whole_.get()));
    part += part_size_;
    whole += whole_size_;
  }
}

void FieldGather::gather(int channels, std::span<const double> part, std::span<double> whole) {
  move(channels, part.data(), whole.data(), SCATTER_FORWARD);
}

void FieldGather::scatter(int channels, std::span<const double> whole, std::span<double> part) {
  move(channels, part.data(), whole.data(), SCATTER_REVERSE);
}

} // namespace linnet::grid
