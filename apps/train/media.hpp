// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Matrices of random media.
#pragma once

#include "operator.hpp"

namespace app {

/// Adds the options of this file.
void add_media(linnet::core::OptionTable& table);

/// -div(kappa grad u) with u = 0 on the walls of a unit box, kappa draw number @p geometry of the
/// options' medium. Not collective. @throws core::Error (usage) naming the option.
GridOperator make_medium(const linnet::core::Options& options, int geometry);

/// What these matrices are made by.
std::string media_text(const linnet::core::Options& options);

} // namespace app
