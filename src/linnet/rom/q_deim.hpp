// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Points at which a linear combination of modes is best told from its values.
#pragma once

#include <linnet/core/petsc.hpp>

#include <cstdint>
#include <span>
#include <vector>

namespace linnet::rom {

/// The first pivots of a QR factorisation with column pivoting of the transpose of @p modes
/// (Q-DEIM: Drmac and Gugercin, SIAM J. Sci. Comput. 38 (2016) A631), one for each mode, as the
/// numbers of their rows in the order of choice; on all ranks. @p modes: dense, a row for each
/// point;
/// @p numbers: of this rank's rows. Of rows whose remainders are largest up to 1e-8 of it, the one
/// of the smallest number. Memory: a copy of the modes. Collective. @throws core::Error on all
/// ranks: (usage) where modes depend on each other or outnumber the points, (data) for values that
/// are not finite.
std::vector<std::int64_t> q_deim(Mat modes, std::span<const std::int64_t> numbers);

} // namespace linnet::rom
