// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// The ways of linalg/pod.hpp; modes with the signs as they come. All are collective.
#pragma once

#include <linnet/linalg/pod.hpp>

namespace linnet::linalg {

Pod pod_gram(Mat snapshots, const PodOptions& options);
Pod pod_tsqr(Mat snapshots, const PodOptions& options);
Pod pod_slepc(Mat snapshots, const PodOptions& options);

/// Multiplies modes by -1 where the rule of linalg/pod.hpp asks for it. Two reductions.
void fix_signs(Mat modes, std::span<const std::int64_t> row_numbers);

} // namespace linnet::linalg
