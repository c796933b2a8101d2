// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/multigrid/setup_kernels.hpp>

LINNET_COARSENING_SETUP(, float);
LINNET_COARSENING_SETUP(, double);
