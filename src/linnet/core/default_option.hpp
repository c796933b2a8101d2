// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Solver settings of an app that hold unless the user gives others.
#pragma once

namespace linnet::core {

/// Puts PETSc's option @p name (with the dash) into the database, unless it is there. It counts as
/// used. Logically collective.
void set_default_option(const char* name, const char* value);

} // namespace linnet::core
