// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/linalg/row_order.hpp>

#include <linnet/core/agreement.hpp>
#include <linnet/core/owned.hpp>
#include <linnet/io/vec_array.hpp>
#include <linnet/io/vec_layout.hpp>

#include <algorithm>
#include <string>

namespace linnet::linalg {

std::vector<std::int64_t> row_numbers(Vec v) {
  PetscInt rows = 0;
  LINNET_CHECK(VecGetLocalSize(v, &rows));
  std::vector<std::int64_t> numbers(static_cast<std::size_t>(rows));
  io::visit_places(io::layout_of(v), [&](std::int64_t i, std::uint64_t place) {
    numbers[static_cast<std::size_t>(i)] = static_cast<std::int64_t>(place);
  });
  return numbers;
}

struct RowOrder::Impl {
  core::Owned<Vec> mine, block;
  VecScatter scatter = nullptr;
  PetscInt all = 0, local = 0, begin = 0, end = 0;

  Impl() = default;
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;
  ~Impl() { static_cast<void>(VecScatterDestroy(&scatter)); }

  void move(Vec from, Vec to, ScatterMode mode, InsertMode insert = INSERT_VALUES) const {
    LINNET_CHECK(VecScatterBegin(scatter, from, to, insert, mode));
    LINNET_CHECK(VecScatterEnd(scatter, from, to, insert, mode));
  }
};

namespace {

core::Owned<Vec> make_vec(MPI_Comm comm, PetscInt local, PetscInt global) {
  Vec v = nullptr;
  LINNET_CHECK(VecCreateMPI(comm, local, global, &v));
  return core::Owned<Vec>(v);
}

void put(std::span<const double> values, Vec v) {
  std::copy(values.begin(), values.end(), io::VecWriteArray(v).data());
}

void get(Vec v, std::span<double> values) {
  std::copy_n(io::VecReadArray(v).data(), values.size(), values.data());
}

} // namespace

RowOrder::RowOrder(MPI_Comm comm, std::span<const std::int64_t> numbers)
    : impl_(std::make_unique<Impl>()) {
  const auto local = static_cast<PetscInt>(numbers.size());
  impl_->local = local;
  impl_->mine = make_vec(comm, local, PETSC_DETERMINE);
  LINNET_CHECK(VecGetSize(impl_->mine.get(), &impl_->all));
  impl_->block = make_vec(comm, PETSC_DECIDE, impl_->all);
  LINNET_CHECK(VecGetOwnershipRange(impl_->block.get(), &impl_->begin, &impl_->end));
  core::together(comm, [&] {
    for (const std::int64_t number : numbers)
      if (number < 0 || number >= impl_->all)
        core::throw_usage("order of rows: the number " + std::to_string(number) +
                          " is not one of 0 to " + std::to_string(impl_->all - 1));
  });
  const std::vector<PetscInt> places(numbers.begin(), numbers.end());
  PetscInt first = 0;
  LINNET_CHECK(VecGetOwnershipRange(impl_->mine.get(), &first, nullptr));
  IS from = nullptr, to = nullptr;
  LINNET_CHECK(ISCreateStride(comm, local, first, 1, &from));
  LINNET_CHECK(ISCreateGeneral(comm, local, places.data(), PETSC_COPY_VALUES, &to));
  LINNET_CHECK(VecScatterCreate(impl_->mine.get(), from, impl_->block.get(), to, &impl_->scatter));
  LINNET_CHECK(ISDestroy(&from));
  LINNET_CHECK(ISDestroy(&to));
  // Every row must come exactly once.
  LINNET_CHECK(VecSet(impl_->mine.get(), 1.0));
  LINNET_CHECK(VecSet(impl_->block.get(), 0.0));
  impl_->move(impl_->mine.get(), impl_->block.get(), SCATTER_FORWARD, ADD_VALUES);
  core::together(comm, [&] {
    const io::VecReadArray times(impl_->block.get());
    for (PetscInt i = 0; i < impl_->end - impl_->begin; ++i)
      if (times.data()[i] != 1.0)
        core::throw_usage("order of rows: the number " + std::to_string(impl_->begin + i) +
                          " occurs " + std::to_string(static_cast<int>(times.data()[i])) +
                          " times; each must once");
  });
}

RowOrder::~RowOrder() = default;
RowOrder::RowOrder(RowOrder&&) noexcept = default;
RowOrder& RowOrder::operator=(RowOrder&&) noexcept = default;

std::int64_t RowOrder::rows() const { return impl_->all; }
std::int64_t RowOrder::local_rows() const { return impl_->local; }
std::int64_t RowOrder::begin() const { return impl_->begin; }
std::int64_t RowOrder::count() const { return impl_->end - impl_->begin; }

void RowOrder::to_original(std::span<const double> mine, std::span<double> block) const {
  put(mine, impl_->mine.get());
  impl_->move(impl_->mine.get(), impl_->block.get(), SCATTER_FORWARD);
  get(impl_->block.get(), block);
}

void RowOrder::from_original(std::span<const double> block, std::span<double> mine) const {
  put(block, impl_->block.get());
  impl_->move(impl_->block.get(), impl_->mine.get(), SCATTER_REVERSE);
  get(impl_->mine.get(), mine);
}

} // namespace linnet::linalg
