// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/registry/types.hpp>

#include <linnet/coarse/pc_basis.hpp>
#include <linnet/fractional/mat_riesz.hpp>
#include <linnet/fractional/pc_tau.hpp>
#include <linnet/grid/mat_stencil.hpp>
#include <linnet/krylov/cg_fused.hpp>
#include <linnet/krylov/dcdm.hpp>
#include <linnet/krylov/guess_operator.hpp>
#include <linnet/krylov/guess_retrieval.hpp>
#include <linnet/krylov/pc_neural.hpp>
#include <linnet/multigrid/pc_boxmg.hpp>
#include <linnet/multigrid/pc_mgno.hpp>
#include <linnet/nonlinear/snes_guess_operator.hpp>
#include <linnet/nonlinear/snes_neural.hpp>

namespace linnet::registry {
namespace {

// Registering a name twice would replace the first type silently: what is there stays.
template <class Object>
PetscErrorCode add_type(PetscFunctionList list, const char* name, PetscErrorCode (*create)(Object),
                        PetscErrorCode (*add)(const char*, PetscErrorCode (*)(Object))) {
  PetscFunctionBegin;
  PetscErrorCode (*present)(Object) = nullptr;
  PetscCall(PetscFunctionListFind(list, name, &present));
  if (!present) PetscCall(add(name, create));
  PetscFunctionReturn(PETSC_SUCCESS);
}

} // namespace

PetscErrorCode register_types() {
  PetscFunctionBegin;
  PetscCall(MatInitializePackage());
  PetscCall(add_type<Mat>(MatList, MATSTENCIL, grid::MatCreate_Stencil, MatRegister));
  PetscCall(grid::register_stencil_factorisations());
  PetscCall(add_type<Mat>(MatList, MATRIESZ, fractional::MatCreate_Riesz, MatRegister));
  PetscCall(PCInitializePackage());
  PetscCall(add_type<PC>(PCList, PCBOXMG, multigrid::PCCreate_BoxMG, PCRegister));
  PetscCall(add_type<PC>(PCList, PCMGNO, multigrid::PCCreate_MgNO, PCRegister));
  PetscCall(add_type<PC>(PCList, PCTAU, fractional::PCCreate_Tau, PCRegister));
  PetscCall(add_type<PC>(PCList, PCBASIS, coarse::PCCreate_Basis, PCRegister));
  PetscCall(add_type<PC>(PCList, PCNEURAL, krylov::PCCreate_Neural, PCRegister));
  PetscCall(KSPInitializePackage());
  PetscCall(add_type<KSP>(KSPList, KSPCGFUSED, krylov::KSPCreate_CGFused, KSPRegister));
  PetscCall(add_type<KSP>(KSPList, KSPDCDM, krylov::KSPCreate_DCDM, KSPRegister));
  PetscCall(add_type<KSPGuess>(KSPGuessList, KSPGUESSOPERATOR, krylov::KSPGuessCreate_Operator,
                               KSPGuessRegister));
  PetscCall(add_type<KSPGuess>(KSPGuessList, KSPGUESSRETRIEVAL, krylov::KSPGuessCreate_Retrieval,
                               KSPGuessRegister));
  PetscCall(SNESInitializePackage());
  PetscCall(add_type<SNES>(SNESList, SNESNEURAL, nonlinear::SNESCreate_Neural, SNESRegister));
  PetscCall(nonlinear::register_guess_options());
  PetscFunctionReturn(PETSC_SUCCESS);
}

} // namespace linnet::registry
