// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// The numbers of a Vec without the shape of a grid, as kernels see them.
#pragma once

#include <linnet/grid/field_view.hpp>

namespace linnet::grid {

/// All local numbers of a Vec where kernels can reach them. The destructor gives them back.
class KernelValues {
public:
  KernelValues(Vec vec, Access access) : view_(vec, extent(vec), access) {}
  [[nodiscard]] double* data() const { return view_.field().values.data(); }
  /// Waits for the kernels; errors come here, not from the destructor.
  void restore() { view_.restore(); }

private:
  static core::Index3 extent(Vec vec);
  FieldView view_;
};

} // namespace linnet::grid
