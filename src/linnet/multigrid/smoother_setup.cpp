// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/multigrid/setup_kernels.hpp>

namespace linnet::kernels {

template void set_up_factored_inverse(ConstOperator<float>, float, FactoredInverse<float>&);
template void set_up_factored_inverse(ConstOperator<double>, double, FactoredInverse<double>&);
template void bound_rows(ConstOperator<float>, const FactoredInverse<float>&, Field<float>&);
template void bound_rows(ConstOperator<double>, const FactoredInverse<double>&, Field<double>&);

} // namespace linnet::kernels
