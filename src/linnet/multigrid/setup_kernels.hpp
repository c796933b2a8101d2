// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Kernels of the set-up with so much code that they are compiled apart.
#pragma once

#include <linnet/kernels/boxmg_interpolation.hpp>
#include <linnet/kernels/factored_inverse_bound.hpp>
#include <linnet/kernels/galerkin.hpp>

#define LINNET_SMOOTHER_SETUP(prefix, T)                                                           \
  prefix template void linnet::kernels::set_up_factored_inverse(                                   \
      const StencilOperator<T>&, const Field<double>&, FactoredInverse<T>&);                       \
  prefix template void linnet::kernels::bound_rows(                                                \
      const StencilOperator<T>&, const Field<double>&, const FactoredInverse<T>&, Field<T>&)

#define LINNET_COARSENING_SETUP(prefix, T)                                                         \
  prefix template void linnet::kernels::set_up_interpolation(                                      \
      const StencilOperator<T>&, const Field<double>&, Interpolation<T>&);                         \
  prefix template void linnet::kernels::galerkin_couplings(                                        \
      const StencilOperator<T>&, const Field<double>&, const Interpolation<T>&,                    \
      StencilOperator<T>&)

LINNET_SMOOTHER_SETUP(extern, float);
LINNET_SMOOTHER_SETUP(extern, double);
LINNET_COARSENING_SETUP(extern, float);
LINNET_COARSENING_SETUP(extern, double);
