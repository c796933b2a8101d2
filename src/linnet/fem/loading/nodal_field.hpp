// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Scalar fields at the nodes of a mesh.
#pragma once

#include <linnet/core/expression.hpp>

#include <string>
#include <vector>

namespace linnet::fem {

class Mesh;

/// One value per local node, ghosts included, of the expression. @throws core::Error (usage, all
/// ranks; the caller names the option) where it is not finite. Collective.
std::vector<double> nodal_values(const Mesh& mesh, const core::Expression& value);

/// Reads @p source, `file.h5:/dataset`: one number per node in the original numbering, such as the
/// point data of an earlier run on the same mesh. A file that says which mesh it is of, as our
/// output does, must say this one. @throws core::Error (data, all ranks): no such file or dataset,
/// damaged, another number of nodes, another mesh, a number that is not finite. Collective.
std::vector<double> read_nodal_field(const Mesh& mesh, const std::string& source);

} // namespace linnet::fem
