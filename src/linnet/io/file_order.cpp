// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/io/file_order.hpp>

#include <linnet/core/agreement.hpp>

#include <algorithm>

namespace linnet::io {
namespace {

/// @p components numbers that travel together.
class Unit {
public:
  Unit(int components, MPI_Datatype type) {
    MPI_Type_contiguous(components, type, &type_);
    MPI_Type_commit(&type_);
  }
  ~Unit() { MPI_Type_free(&type_); }
  Unit(const Unit&) = delete;
  Unit& operator=(const Unit&) = delete;
  [[nodiscard]] MPI_Datatype get() const { return type_; }

private:
  MPI_Datatype type_ = MPI_DATATYPE_NULL;
};

PetscSF make_forest(MPI_Comm comm, std::int64_t total, std::span<const std::int64_t> numbers,
                    std::int64_t& begin, std::int64_t& end) {
  core::together(comm, [&] {
    for (const std::int64_t number : numbers)
      if (number < 0 || number >= total)
        throw core::Error(core::ExitCode::internal, "FileOrder: item " + std::to_string(number) +
                                                        " of " + std::to_string(total));
  });
  PetscLayout layout = nullptr;
  LINNET_CHECK(
      PetscLayoutCreateFromSizes(comm, PETSC_DECIDE, static_cast<PetscInt>(total), 1, &layout));
  PetscInt first, last;
  LINNET_CHECK(PetscLayoutGetRange(layout, &first, &last));
  begin = first, end = last;
  const std::vector<PetscInt> roots(numbers.begin(), numbers.end());
  PetscSF forest = nullptr;
  LINNET_CHECK(PetscSFCreate(comm, &forest));
  LINNET_CHECK(PetscSFSetGraphLayout(forest, layout, static_cast<PetscInt>(roots.size()), nullptr,
                                     PETSC_COPY_VALUES, roots.data()));
  LINNET_CHECK(PetscLayoutDestroy(&layout));
  LINNET_CHECK(PetscSFSetUp(forest));
  return forest;
}

} // namespace

FileOrder::FileOrder(MPI_Comm comm, std::int64_t total, std::span<const std::int64_t> numbers)
    : total_(total), items_(static_cast<std::int64_t>(numbers.size())) {
  forest_.reset(make_forest(comm, total, numbers, begin_, end_));
  const PetscInt* degrees = nullptr;
  LINNET_CHECK(PetscSFComputeDegreeBegin(forest_.get(), &degrees));
  LINNET_CHECK(PetscSFComputeDegreeEnd(forest_.get(), &degrees));
  int once = std::all_of(degrees, degrees + (end_ - begin_), [](PetscInt n) { return n == 1; });
  MPI_Allreduce(MPI_IN_PLACE, &once, 1, MPI_INT, MPI_MIN, comm);
  complete_ = once != 0;
}

Slab FileOrder::slab(const Shape& more) const {
  Slab slab{{begin_}, {end_ - begin_}};
  slab.offset.resize(1 + more.size(), 0);
  slab.count.insert(slab.count.end(), more.begin(), more.end());
  return slab;
}

template <class Number>
std::vector<Number> FileOrder::gather(std::span<const Number> items, int components,
                                      MPI_Datatype type) const {
  std::vector<Number> block(static_cast<std::size_t>((end_ - begin_) * components));
  const Unit unit(components, type);
  LINNET_CHECK(
      PetscSFReduceBegin(forest_.get(), unit.get(), items.data(), block.data(), MPI_REPLACE));
  LINNET_CHECK(
      PetscSFReduceEnd(forest_.get(), unit.get(), items.data(), block.data(), MPI_REPLACE));
  return block;
}

std::vector<double> FileOrder::to_file(std::span<const double> items, int components) const {
  return gather(items, components, MPI_DOUBLE);
}

std::vector<std::int64_t> FileOrder::to_file(std::span<const std::int64_t> items,
                                             int components) const {
  return gather(items, components, MPI_INT64_T);
}

std::vector<double> FileOrder::from_file(std::span<const double> block, int components) const {
  std::vector<double> items(static_cast<std::size_t>(items_ * components));
  const Unit unit(components, MPI_DOUBLE);
  LINNET_CHECK(
      PetscSFBcastBegin(forest_.get(), unit.get(), block.data(), items.data(), MPI_REPLACE));
  LINNET_CHECK(PetscSFBcastEnd(forest_.get(), unit.get(), block.data(), items.data(), MPI_REPLACE));
  return items;
}

} // namespace linnet::io
