// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/multigrid/setup_kernels.hpp>

namespace linnet::kernels {

template void set_up_interpolation_odds(ConstOperator<float>, const Coarsening&,
                                        const Array<float>&, const Field<float>&);
template void set_up_interpolation_odds(ConstOperator<double>, const Coarsening&,
                                        const Array<double>&, const Field<double>&);

} // namespace linnet::kernels
