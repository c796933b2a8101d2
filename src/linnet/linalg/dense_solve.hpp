// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Solution of a small dense system by LAPACK; local to the process.
#pragma once

#include <cstddef>
#include <vector>

namespace linnet::linalg {

/// b = A^-1 b by LU factors with row exchanges. @p a: n x n by columns, replaced by its factors.
/// Returns false, with b meaningless, where a pivot is exactly zero. Values that are not finite go
/// through. @throws core::Error (internal) where LAPACK refuses its arguments.
bool solve_dense(std::size_t n, std::vector<double>& a, std::vector<double>& b);

} // namespace linnet::linalg
