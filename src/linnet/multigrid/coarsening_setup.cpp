// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/multigrid/setup_kernels.hpp>

namespace linnet::kernels {

template void set_up_interpolation(ConstOperator<float>, Diagonal, const Field<float>&,
                                   Interpolation<float>&);
template void set_up_interpolation(ConstOperator<double>, Diagonal, const Field<double>&,
                                   Interpolation<double>&);
template void galerkin_couplings(ConstOperator<float>, const Interpolation<float>&,
                                 StencilOperator<float>&);
template void galerkin_couplings(ConstOperator<double>, const Interpolation<double>&,
                                 StencilOperator<double>&);

} // namespace linnet::kernels
