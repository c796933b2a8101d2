// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/core/log.hpp>

namespace linnet::core {

Events& events() {
  static Events handles;
  return handles;
}

PetscErrorCode register_events() {
  PetscFunctionBegin;
  PetscClassId id;
  PetscCall(PetscClassIdRegister("Linnet", &id));
  Events& e = events();
  PetscCall(PetscLogEventRegister("StencilMult", id, &e.stencil_mult));
  PetscCall(PetscLogEventRegister("HaloExchange", id, &e.halo_exchange));
  PetscCall(PetscLogEventRegister("BoxMGBuild", id, &e.boxmg_build));
  PetscCall(PetscLogEventRegister("BoxMGUpdate", id, &e.boxmg_update));
  PetscCall(PetscLogEventRegister("BoxMGApply", id, &e.boxmg_apply));
  PetscCall(PetscLogEventRegister("BoxMGCoarse", id, &e.boxmg_coarse));
  PetscCall(PetscLogEventRegister("FieldWrite", id, &e.field_write));
  PetscCall(PetscLogEventRegister("MediumMake", id, &e.medium_make));
  PetscCall(PetscLogEventRegister("RieszMult", id, &e.riesz_mult));
  PetscCall(PetscLogEventRegister("TauApply", id, &e.tau_apply));
  PetscCall(PetscLogEventRegister("PCNeuralApply", id, &e.neural_apply));
  PetscCall(PetscLogEventRegister("SNESNeuralStep", id, &e.neural_step));
  PetscCall(PetscLogEventRegister("PCBasisSetUp", id, &e.basis_setup));
  PetscCall(PetscLogEventRegister("PCBasisApply", id, &e.basis_apply));
  PetscCall(PetscLogEventRegister("GuessRetrieval", id, &e.guess_retrieval));
  PetscCall(PetscLogEventRegister("SolidForce", id, &e.solid_force));
  PetscCall(PetscLogEventRegister("SolidTangent", id, &e.solid_tangent));
  PetscCall(PetscLogEventRegister("CubatureSweep", id, &e.cubature_sweep));
  PetscCall(PetscLogEventRegister("RomModes", id, &e.rom_modes));
  PetscCall(PetscLogEventRegister("RomPoints", id, &e.rom_points));
  PetscCall(PetscLogEventRegister("RomReducedStep", id, &e.rom_reduced));
  PetscCall(PetscLogEventRegister("RomReplay", id, &e.rom_replay));
  PetscCall(PetscLogEventRegister("RomMeshStep", id, &e.rom_mesh_step));
  PetscCall(PetscLogEventRegister("RomUpdate", id, &e.rom_update));
  PetscFunctionReturn(PETSC_SUCCESS);
}

} // namespace linnet::core
