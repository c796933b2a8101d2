// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// From the shape of a mesh's cells to the element that kernels are compiled for.
#pragma once

#include <linnet/fem/mesh/cell_shape.hpp>
#include <linnet/kernels/solid/element.hpp>

namespace linnet::fem {

/// body(kernels::Hex8{}) or body(kernels::Tet10{}), which must return the same type.
template <class Body>
auto with_element(CellShape shape, Body&& body) {
  return shape == CellShape::hex8 ? body(kernels::Hex8{}) : body(kernels::Tet10{});
}

} // namespace linnet::fem
