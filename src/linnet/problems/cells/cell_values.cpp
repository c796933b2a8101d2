// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/problems/cells/cell_values.hpp>

#include <limits>
#include <sstream>

namespace linnet::problems {

CellGrid CellGrid::of(DM da) {
  CellGrid grid;
  PetscInt dim, n[3], dof, start[3], width[3];
  DMBoundaryType boundary[3];
  LINNET_CHECK(PetscObjectGetComm(reinterpret_cast<PetscObject>(da), &grid.comm));
  LINNET_CHECK(DMDAGetInfo(da, &dim, &n[0], &n[1], &n[2], nullptr, nullptr, nullptr, &dof, nullptr,
                           &boundary[0], &boundary[1], &boundary[2], nullptr));
  if (dim < 2 || dof != 1)
    throw core::Error(core::ExitCode::internal, "a grid of cells is a 2-D or 3-D DMDA with dof 1");
  LINNET_CHECK(
      DMDAGetCorners(da, &start[0], &start[1], &start[2], &width[0], &width[1], &width[2]));
  grid.dim = static_cast<int>(dim);
  for (int d = 0; d < 3; ++d) {
    grid.cells[d] = static_cast<int>(n[d]);
    grid.box.lo[d] = static_cast<int>(start[d]);
    grid.box.hi[d] = static_cast<int>(start[d] + width[d]);
    grid.periodic[d] = d < dim && boundary[d] == DM_BOUNDARY_PERIODIC;
  }
  return grid;
}

std::string CellGrid::cell_name(std::int64_t natural) const {
  std::ostringstream name;
  name << '(' << natural % cells[0] << ',' << natural / cells[0] % cells[1];
  if (dim == 3) name << ',' << natural / cells[0] / cells[1];
  name << ')';
  return name.str();
}

namespace {

kernels::Layout flat_layout(Vec vec) {
  PetscInt owned;
  LINNET_CHECK(VecGetLocalSize(vec, &owned));
  return {{static_cast<int>(owned), 1, 1}, {0, 0, 0}};
}

} // namespace

CellValues::CellValues(Vec vec, grid::Access access)
    : view_(vec, flat_layout(vec), access), host_(Kokkos::create_mirror_view(view_.field().values)),
      access_(access) {
  Kokkos::deep_copy(host_, view_.field().values);
}

CellValues::~CellValues() {
  if (access_ != grid::Access::read) Kokkos::deep_copy(view_.field().values, host_);
}

namespace {

struct FoundCell {
  std::int64_t natural = std::numeric_limits<std::int64_t>::max();
  double value = 0.0;
};

FoundCell first_refused(const CellGrid& grid, Vec values, const std::function<bool(double)>& good) {
  const ConstCellValues v(values);
  FoundCell found;
  std::ptrdiff_t place = 0;
  visit_cells(grid.box, [&](int i, int j, int k) {
    const double value = v[place++];
    const auto natural = grid.natural_index(i, j, k);
    if (natural < found.natural && !good(value)) found = {natural, value};
  });
  return found;
}

} // namespace

void require_cells(const CellGrid& grid, Vec values, const std::string& name, const char* rule,
                   const std::function<bool(double)>& good) {
  auto mine = first_refused(grid, values, good);
  std::int64_t first = mine.natural;
  MPI_Allreduce(MPI_IN_PLACE, &first, 1, MPI_INT64_T, MPI_MIN, grid.comm);
  if (first == FoundCell{}.natural) return;
  int rank, owner = -1;
  MPI_Comm_rank(grid.comm, &rank);
  if (mine.natural == first) owner = rank;
  MPI_Allreduce(MPI_IN_PLACE, &owner, 1, MPI_INT, MPI_MAX, grid.comm);
  MPI_Bcast(&mine.value, 1, MPI_DOUBLE, owner, grid.comm);
  std::ostringstream message;
  message << name << " is " << mine.value << " at cell " << grid.cell_name(first)
          << " (the first of such); " << rule;
  core::throw_data(message.str());
}

} // namespace linnet::problems
