// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
// Writes field output with known values: write_fields STEM DIM STEPS [PAUSE]. Prints a line after
// each completed step, so that a test may kill it at any moment. u = x + 2 y + 4 z + time at cell
// centres.
#include <linnet/io/field_writer.hpp>
#include <linnet/io/vec_layout.hpp>

#include <petscdmda.h>

#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <functional>

using namespace linnet;

namespace {

struct Field {
  DM dm = nullptr;
  Vec vec = nullptr;
};

Field make_field(int dim, const core::Index3& n, PetscInt dof) {
  Field field;
  const auto none = DM_BOUNDARY_NONE;
  if (dim == 3)
    LINNET_CHECK(DMDACreate3d(PETSC_COMM_WORLD, none, none, none, DMDA_STENCIL_STAR, n[0], n[1],
                              n[2], PETSC_DECIDE, PETSC_DECIDE, PETSC_DECIDE, dof, 1, nullptr,
                              nullptr, nullptr, &field.dm));
  else if (dim == 1)
    LINNET_CHECK(DMDACreate1d(PETSC_COMM_WORLD, none, n[0], dof, 1, nullptr, &field.dm));
  else
    LINNET_CHECK(DMDACreate2d(PETSC_COMM_WORLD, none, none, DMDA_STENCIL_STAR, n[0], n[1],
                              PETSC_DECIDE, PETSC_DECIDE, dof, 1, nullptr, nullptr, &field.dm));
  LINNET_CHECK(DMSetUp(field.dm));
  LINNET_CHECK(DMCreateGlobalVector(field.dm, &field.vec));
  return field;
}

void destroy(Field& field) {
  LINNET_CHECK(VecDestroy(&field.vec));
  LINNET_CHECK(DMDestroy(&field.dm));
}

/// Sets component c at each point to f(position, c).
void fill(Field& field, const io::UniformGrid& grid, double shift,
          const std::function<double(const core::Real3&, int)>& f) {
  PetscInt lo[3]{0, 0, 0}, m[3]{1, 1, 1}, dof;
  LINNET_CHECK(DMDAGetCorners(field.dm, &lo[0], &lo[1], &lo[2], &m[0], &m[1], &m[2]));
  LINNET_CHECK(DMDAGetDof(field.dm, &dof));
  PetscScalar* a = nullptr;
  LINNET_CHECK(VecGetArray(field.vec, &a));
  std::size_t next = 0;
  for (PetscInt k = lo[2]; k < lo[2] + m[2]; ++k)
    for (PetscInt j = lo[1]; j < lo[1] + m[1]; ++j)
      for (PetscInt i = lo[0]; i < lo[0] + m[0]; ++i)
        for (PetscInt c = 0; c < dof; ++c)
          a[next++] =
              f({grid.origin[0] + (static_cast<double>(i) + shift) * grid.spacing[0],
                 grid.dim >= 2 ? grid.origin[1] + (static_cast<double>(j) + shift) * grid.spacing[1]
                               : 0.0,
                 grid.dim == 3 ? grid.origin[2] + (static_cast<double>(k) + shift) * grid.spacing[2]
                               : 0.0},
                static_cast<int>(c));
  LINNET_CHECK(VecRestoreArray(field.vec, &a));
}

double linear(const core::Real3& x) { return x[0] + 2 * x[1] + 4 * x[2]; }

void write_run(const std::string& stem, int dim, int steps, double pause) {
  const io::UniformGrid grids[] = {{1, {9, 1, 1}, {-1, 0, 0}, {0.25, 1, 1}},
                                   {2, {9, 7, 1}, {-1, 0, 0}, {0.25, 0.5, 1}},
                                   {3, {8, 6, 4}, {-1, 0, 0.5}, {0.25, 0.25, 0.5}}};
  const io::UniformGrid grid = grids[dim - 1];
  Field cell = make_field(dim, grid.cells, 1), flux = make_field(dim, grid.cells, dim),
        point = make_field(dim, grid.points(), 1), mask = make_field(dim, grid.cells, 1);
  fill(flux, grid, 0.5, [](const core::Real3&, int c) { return c + 1.0; });
  fill(mask, grid, 0.5, [](const core::Real3& x, int) { return x[0] < 0 ? 1.0 : 0.0; });
  io::FieldWriter writer(PETSC_COMM_WORLD, stem, grid, {"write_fields " + stem, "steps: <&>\n"});
  for (int step = 0; step < steps; ++step) {
    const double time = 0.125 * step;
    const auto value = [&](const core::Real3& x, int) { return linear(x) + time; };
    fill(cell, grid, 0.5, value);
    fill(point, grid, 0.0, value);
    writer.begin_step(time, step);
    writer.write_point("u_points", point.vec);
    if (dim > 1) { // a line has data at its points only
      writer.write_cell("u", cell.vec);
      writer.write_cell("flux", flux.vec);
      writer.write_cell_integers("mask", mask.vec);
    }
    writer.end_step();
    LINNET_CHECK(PetscPrintf(PETSC_COMM_WORLD, "step %d\n", step));
    std::fflush(stdout);
    usleep(static_cast<useconds_t>(pause * 1e6));
  }
  writer.write_table("residual", {"iteration", "norm"}, {0, 1, 1, 0.5});
  writer.close();
  for (Field* field : {&cell, &flux, &point, &mask}) destroy(*field);
}

} // namespace

int main(int argc, char** argv) {
  if (argc < 4) return 2;
  if (PetscInitialize(&argc, &argv, nullptr, nullptr) != 0) return 1;
  int status = 0;
  try {
    write_run(argv[1], std::atoi(argv[2]), std::atoi(argv[3]), argc > 4 ? std::atof(argv[4]) : 0);
  } catch (const core::Error& error) {
    static_cast<void>(PetscFPrintf(PETSC_COMM_WORLD, stderr, "write_fields: %s\n", error.what()));
    status = static_cast<int>(error.code());
  }
  return PetscFinalize() != 0 ? 1 : status;
}
