// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/grid/field_view.hpp>
#include <linnet/grid/partition.hpp>
#include <linnet/kernels/parallel.hpp>

#include <gtest/gtest.h>

#include <petsc/private/petscimpl.h>
#include <petscdmda.h>

using namespace linnet;
using grid::Access;
using grid::FieldView;

namespace {

struct AddNumber {
  static constexpr int width = 1;
  kernels::Field<double> f;
  core::Index3 lo;
  template <int W>
  KOKKOS_INLINE_FUNCTION void apply(int i, int j, int k) const {
    f.values.data()[f.layout(i, j, k)] += (lo[0] + i) + 100 * (lo[1] + j) + 10000 * (lo[2] + k);
  }
};

class FieldViewTest : public ::testing::Test {
protected:
  void SetUp() override {
    LINNET_CHECK(DMDACreate3d(PETSC_COMM_WORLD, DM_BOUNDARY_NONE, DM_BOUNDARY_NONE,
                              DM_BOUNDARY_NONE, DMDA_STENCIL_STAR, 7, 6, 5, PETSC_DECIDE,
                              PETSC_DECIDE, PETSC_DECIDE, 1, 1, nullptr, nullptr, nullptr, &da));
    LINNET_CHECK(DMSetUp(da));
    LINNET_CHECK(DMCreateGlobalVector(da, &vec));
    PetscMPIInt rank;
    MPI_Comm_rank(PETSC_COMM_WORLD, &rank);
    box = grid::Partition::of(da).box(rank);
  }
  void TearDown() override {
    LINNET_CHECK(VecDestroy(&vec));
    LINNET_CHECK(DMDestroy(&da));
  }
  DM da = nullptr;
  Vec vec = nullptr;
  grid::IndexBox box;
};

} // namespace

TEST_F(FieldViewTest, KernelsSeeDmdaOrderAndTheVecSeesWhatTheyWrote) {
  LINNET_CHECK(VecSet(vec, 0.5));
  PetscObjectState before, after;
  LINNET_CHECK(PetscObjectStateGet(reinterpret_cast<PetscObject>(vec), &before));
  {
    FieldView view(vec, box.extent(), Access::read_write);
    const AddNumber kernel{view.field(), box.lo};
    kernels::for_each_point("linnet::test::add", kernels::Range::box(view.field().layout.n),
                            kernel);
    view.restore();
  }
  LINNET_CHECK(PetscObjectStateGet(reinterpret_cast<PetscObject>(vec), &after));
  EXPECT_GT(after, before);
  double*** values;
  LINNET_CHECK(DMDAVecGetArrayRead(da, vec, &values));
  int wrong = 0;
  for (int k = box.lo[2]; k < box.hi[2]; ++k)
    for (int j = box.lo[1]; j < box.hi[1]; ++j)
      for (int i = box.lo[0]; i < box.hi[0]; ++i)
        wrong += values[k][j][i] != 0.5 + i + 100 * j + 10000 * k;
  LINNET_CHECK(DMDAVecRestoreArrayRead(da, vec, &values));
  EXPECT_EQ(wrong, 0);
}

TEST_F(FieldViewTest, ReadingWorksOnALockedVecAndLeavesItsState) {
  LINNET_CHECK(VecSet(vec, 2.0));
  LINNET_CHECK(VecLockReadPush(vec));
  PetscObjectState before, after;
  LINNET_CHECK(PetscObjectStateGet(reinterpret_cast<PetscObject>(vec), &before));
  {
    const FieldView first(vec, box.extent(), Access::read), second(vec, box.extent(), Access::read);
    auto host = Kokkos::create_mirror_view(first.field().values);
    Kokkos::deep_copy(host, first.field().values);
    EXPECT_EQ(host(0), 2.0);
    EXPECT_EQ(second.field().layout.size(), static_cast<std::size_t>(box.size()));
  }
  LINNET_CHECK(PetscObjectStateGet(reinterpret_cast<PetscObject>(vec), &after));
  EXPECT_EQ(after, before);
  LINNET_CHECK(VecLockReadPop(vec));
}

TEST_F(FieldViewTest, WritingDoesNotNeedOldValues) {
  {
    const FieldView view(vec, box.extent(), Access::write);
    Kokkos::deep_copy(view.field().values, 3.0);
  } // restored at the end of the scope
  PetscReal norm;
  LINNET_CHECK(VecNorm(vec, NORM_INFINITY, &norm));
  EXPECT_EQ(norm, 3.0);
}

TEST_F(FieldViewTest, RefusesAWrongSize) {
  EXPECT_THROW(FieldView(vec, core::Index3{7, 6, 6}, Access::read), core::Error);
}
