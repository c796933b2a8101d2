// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// The mesh of the options.
#pragma once

#include <linnet/core/app_runtime.hpp>
#include <linnet/fem/mesh/mesh.hpp>

namespace app {

/// Collective; @throws core::Error.
linnet::fem::Mesh make_mesh(const linnet::core::AppContext& context);

} // namespace app
