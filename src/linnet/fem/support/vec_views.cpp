// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/fem/support/vec_views.hpp>

namespace linnet::fem {

core::Owned<Vec> local_vector(DM dm) {
  Vec vec = nullptr;
  LINNET_CHECK(DMCreateLocalVector(dm, &vec));
  core::Owned<Vec> owned(vec);
  LINNET_CHECK(VecSet(vec, 0.0));
  return owned;
}

core::Owned<Vec> global_vector(DM dm) {
  Vec vec = nullptr;
  LINNET_CHECK(DMCreateGlobalVector(dm, &vec));
  core::Owned<Vec> owned(vec);
  LINNET_CHECK(VecSet(vec, 0.0));
  return owned;
}

} // namespace linnet::fem
