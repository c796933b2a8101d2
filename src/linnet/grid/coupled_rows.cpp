// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/grid/coupled_rows.hpp>

namespace linnet::grid {

std::vector<bool> coupled_rows(Mat matrix) {
  PetscInt begin = 0, end = 0;
  LINNET_CHECK(MatGetOwnershipRange(matrix, &begin, &end));
  std::vector<bool> coupled;
  coupled.reserve(static_cast<std::size_t>(end - begin));
  for (PetscInt row = begin; row < end; ++row) {
    PetscInt count = 0;
    const PetscInt* columns = nullptr;
    const PetscScalar* values = nullptr;
    LINNET_CHECK(MatGetRow(matrix, row, &count, &columns, &values));
    bool found = false;
    for (PetscInt c = 0; c < count && !found; ++c) found = columns[c] != row && values[c] != 0.0;
    coupled.push_back(found);
    LINNET_CHECK(MatRestoreRow(matrix, row, &count, &columns, &values));
  }
  return coupled;
}

} // namespace linnet::grid
