// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// The functions of a DeepONet's trunk at the rows of a matrix: the trunk-basis coarse space of
/// Kopanicakova and Karniadakis, SIAM J. Sci. Comput. 47 (2025) C151.
#pragma once

#include <linnet/coarse/basis_vectors.hpp>

namespace linnet::coarse {

/// True if the functions of the model file @p file are known from its table alone: it has one, and
/// no DeepONet with a trunk of points beside it (modes of a POD, say, have none). Collective.
/// @throws core::Error (data) on all ranks for a file that is no model.
bool is_only_tabulated(MPI_Comm comm, const std::string& file, std::int64_t byte_limit);

/// The first @p size functions of the trunk of the DeepONet in @p file, evaluated at the points of
/// the rows, whose coordinates go from 0 to 1 in every direction; they vanish on the border where
/// the network does. Collective. @throws core::Error (data) on all ranks for a file that is no
/// DeepONet, or one whose points have another dimension.
core::Owned<Mat> trunk_vectors(Mat matrix, const grid::GridMap& map, GridPoints points,
                               const std::string& file, PetscInt size, std::int64_t byte_limit);

} // namespace linnet::coarse
