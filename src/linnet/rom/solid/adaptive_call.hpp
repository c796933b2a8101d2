// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// What the files of AdaptiveRun share.
#pragma once

#include <linnet/rom/solid/adaptive_run.hpp>

namespace linnet::rom {

/// A step by the reduced model.
struct AdaptiveRun::Prediction {
  OnlineStep end;
  std::string failure; ///< why there is none; empty: there is
  int substeps = 1;    ///< parts in which it was taken
};

} // namespace linnet::rom
