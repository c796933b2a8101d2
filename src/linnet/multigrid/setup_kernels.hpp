// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Kernels of the set-up with so much code that they are compiled apart: in smoother_setup.cpp,
/// coarsening_setup.cpp and interpolation_setup.cpp.
#pragma once

#include <linnet/kernels/stencil/boxmg_interpolation.hpp>
#include <linnet/kernels/stencil/factored_inverse_bound.hpp>
#include <linnet/kernels/stencil/galerkin.hpp>
#include <linnet/kernels/stencil/interpolation_network.hpp>

namespace linnet::kernels {

template <class T>
using ConstOperator = const StencilOperator<T>&;
using Diagonal = const Field<double>&;

extern template void set_up_factored_inverse(ConstOperator<float>, float, FactoredInverse<float>&);
extern template void set_up_factored_inverse(ConstOperator<double>, double,
                                             FactoredInverse<double>&);
extern template void bound_rows(ConstOperator<float>, const FactoredInverse<float>&, Field<float>&);
extern template void bound_rows(ConstOperator<double>, const FactoredInverse<double>&,
                                Field<double>&);
extern template void set_up_interpolation(ConstOperator<float>, Diagonal, const Field<float>&,
                                          Interpolation<float>&);
extern template void set_up_interpolation(ConstOperator<double>, Diagonal, const Field<double>&,
                                          Interpolation<double>&);
extern template void galerkin_couplings(ConstOperator<float>, const Interpolation<float>&,
                                        StencilOperator<float>&);
extern template void galerkin_couplings(ConstOperator<double>, const Interpolation<double>&,
                                        StencilOperator<double>&);
extern template void set_up_interpolation_odds(ConstOperator<float>, const Coarsening&,
                                               const Array<float>&, const Field<float>&);
extern template void set_up_interpolation_odds(ConstOperator<double>, const Coarsening&,
                                               const Array<double>&, const Field<double>&);

} // namespace linnet::kernels
