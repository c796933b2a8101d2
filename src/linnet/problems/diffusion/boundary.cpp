// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/problems/diffusion/boundary.hpp>

#include <linnet/io/field_reader.hpp>

#include <cmath>

namespace linnet::problems {

namespace {

std::string complaint(int face, const char* what, double got, const char* rule,
                      const core::Real3& p) {
  return "-diffusion_bc_" + std::string(face_names[face]) + what + ": " + std::to_string(got) +
         " at (" + std::to_string(p[0]) + ", " + std::to_string(p[1]) + ", " +
         std::to_string(p[2]) + "); " + rule;
}

} // namespace

FacePoint condition_at(const BoundaryConditions& conditions, const BoxCells& grid, int i, int j,
                       int k, int face, double time) {
  const int d = face / 2;
  const core::Index3 at{i, j, k};
  const int a = at[d == 0 ? 1 : 0], b = at[d == 2 ? 1 : 2];
  const core::Real3 p = grid.face_center(i, j, k, d, face % 2);
  const FaceCondition& condition = conditions[face];
  FacePoint point;
  point.value = condition.value(a, b, p, time);
  if (!std::isfinite(point.value))
    core::throw_data(complaint(face, "_value", point.value, "must be finite", p));
  if (condition.kind == BoundaryKind::robin) {
    point.coefficient = condition.coefficient(p, time);
    if (!std::isfinite(point.coefficient) || point.coefficient < 0.0)
      core::throw_usage(complaint(face, "_coefficient", point.coefficient, coefficient_rule, p));
  }
  return point;
}

bool split_dataset(const std::string& text, std::string* file, std::string* dataset) {
  const std::size_t colon = text.rfind(":/");
  if (colon == std::string::npos || colon == 0) return false;
  *file = text.substr(0, colon);
  *dataset = text.substr(colon + 1);
  return true;
}

FaceData read_face_data(MPI_Comm comm, const BoxCells& grid, int face, const std::string& option,
                        const std::string& text) {
  std::string file, dataset;
  if (!split_dataset(text, &file, &dataset)) {
    try {
      return FaceData(Expression::parse(text));
    } catch (const core::Error& error) {
      core::throw_usage(option + ": " + error.what() + "; or file.h5:/dataset");
    }
  }
  const int d = face / 2;
  const int n1 = grid.cells[d == 0 ? 1 : 0], n2 = grid.cells[d == 2 ? 1 : 2];
  std::vector<std::int64_t> shape{n1};
  if (grid.dim == 3) shape.insert(shape.begin(), n2);
  return FaceData(io::read_array(comm, file, dataset, shape), n1);
}

} // namespace linnet::problems
