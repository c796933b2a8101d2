// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/multigrid/setup_kernels.hpp>

LINNET_SMOOTHER_SETUP(, float);
LINNET_SMOOTHER_SETUP(, double);
