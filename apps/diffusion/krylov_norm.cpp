// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include "krylov_norm.hpp"

#include <string>

namespace app {

namespace {

std::string option_text(KSP ksp, const char* name) {
  char text[64] = "";
  const char* prefix = nullptr;
  LINNET_CHECK(KSPGetOptionsPrefix(ksp, &prefix));
  LINNET_CHECK(PetscOptionsGetString(nullptr, prefix, name, text, sizeof text, nullptr));
  return text;
}

/// True when the norm and side of @p ksp are a pair that its method offers; settles a side left
/// open. The table of pairs is private to PETSc: a query that fails is the way to ask.
bool settle(KSP ksp) {
  KSPNormType norm = KSP_NORM_DEFAULT;
  LINNET_CHECK(PetscPushErrorHandler(PetscReturnErrorHandler, nullptr));
  const PetscErrorCode error = KSPGetNormType(ksp, &norm);
  LINNET_CHECK(PetscPopErrorHandler());
  return error == PETSC_SUCCESS;
}

/// Methods whose code for the true residual is wrong in PETSc 3.18: bcgsl on the right returns the
/// unknown before the preconditioner, ibcgs there loses its recursion, cr judges another vector.
bool has_sound_norm(const std::string& type) {
  return type != KSPBCGSL && type != KSPIBCGS && type != KSPCR;
}

bool offers_true_residual(KSPType type) {
  if (!has_sound_norm(type)) return false;
  KSP probe = nullptr;
  LINNET_CHECK(KSPCreate(PETSC_COMM_SELF, &probe));
  LINNET_CHECK(KSPSetType(probe, type));
  LINNET_CHECK(KSPSetNormType(probe, KSP_NORM_UNPRECONDITIONED));
  const bool offered = settle(probe);
  LINNET_CHECK(KSPDestroy(&probe));
  return offered;
}

} // namespace

void choose_norm(KSP ksp) {
  KSPType type = nullptr;
  LINNET_CHECK(KSPGetType(ksp, &type));
  const std::string norm = option_text(ksp, "-ksp_norm_type");
  const std::string side = option_text(ksp, "-ksp_pc_side");
  if (norm.empty() && side.empty()) {
    if (offers_true_residual(type)) LINNET_CHECK(KSPSetNormType(ksp, KSP_NORM_UNPRECONDITIONED));
    return;
  }
  if (settle(ksp)) return;
  const std::string given = (norm.empty() ? "" : "-ksp_norm_type " + norm + " ") +
                            (side.empty() ? "" : "-ksp_pc_side " + side + " ");
  linnet::core::throw_usage(given + "is not offered by -ksp_type " + type +
                            "; leave it out, and the true residual is judged where possible");
}

} // namespace app
