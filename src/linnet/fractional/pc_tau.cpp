// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/fractional/pc_tau.hpp>

#include <linnet/core/log.hpp>
#include <linnet/fractional/riesz_terms.hpp>
#include <linnet/io/vec_array.hpp>

#include <petsc/private/pcimpl.h>

#include <algorithm>
#include <optional>
#include <vector>

namespace linnet::fractional {

namespace {

const char* const correction_names[] = {"none", "corner", "TauCorrection", "", nullptr};

struct TauData {
  TauCorrection correction = TauCorrection::corner;
  std::optional<TauInverse> inverse;
  std::vector<double> whole;       // one vector on all ranks
  std::vector<int> counts, starts; // of the ranks' parts
};

TauData* data_of(PC pc) { return static_cast<TauData*>(pc->data); }

MPI_Comm comm_of(PC pc) { return PetscObjectComm(reinterpret_cast<PetscObject>(pc)); }

PetscErrorCode PCSetUp_Tau(PC pc) {
  PetscFunctionBegin;
  TauData* data = data_of(pc);
  PetscBool is_riesz;
  PetscCall(PetscObjectTypeCompare(reinterpret_cast<PetscObject>(pc->pmat), MATRIESZ, &is_riesz));
  PetscCheck(is_riesz, comm_of(pc), PETSC_ERR_ARG_WRONG,
             "-pc_type tau needs a matrix of type riesz, not %s",
             reinterpret_cast<PetscObject>(pc->pmat)->type_name);
  const RieszTerms* terms;
  PetscCall(MatRieszGetTerms(pc->pmat, &terms));
  PetscMPIInt ranks;
  PetscCallMPI(MPI_Comm_size(comm_of(pc), &ranks));
  LINNET_PETSC_GUARD({
    data->inverse.emplace(terms->terms, data->correction);
    data->whole.resize(static_cast<std::size_t>(data->inverse->size()));
    const PetscInt* ranges = nullptr;
    LINNET_CHECK(MatGetOwnershipRanges(pc->pmat, &ranges));
    data->counts.clear(), data->starts.clear();
    for (PetscMPIInt r = 0; r < ranks; ++r) {
      data->starts.push_back(static_cast<int>(ranges[r]));
      data->counts.push_back(static_cast<int>(ranges[r + 1] - ranges[r]));
    }
  });
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode apply(PC pc, Vec x, Vec y, bool transposed) {
  PetscFunctionBegin;
  TauData* data = data_of(pc);
  PetscMPIInt rank;
  PetscCallMPI(MPI_Comm_rank(comm_of(pc), &rank));
  PetscCall(PetscLogEventBegin(core::events().tau_apply, pc, x, y, nullptr));
  LINNET_PETSC_GUARD({
    const io::VecReadArray from(x);
    const io::VecWriteArray to(y);
    const auto r = static_cast<std::size_t>(rank);
    MPI_Allgatherv(from.data(), data->counts[r], MPI_DOUBLE, data->whole.data(),
                   data->counts.data(), data->starts.data(), MPI_DOUBLE, comm_of(pc));
    data->inverse->apply(data->whole.data(), transposed);
    std::copy_n(data->whole.begin() + data->starts[r], data->counts[r], to.data());
  });
  PetscCall(PetscLogEventEnd(core::events().tau_apply, pc, x, y, nullptr));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode PCApply_Tau(PC pc, Vec x, Vec y) { return apply(pc, x, y, false); }
PetscErrorCode PCApplyTranspose_Tau(PC pc, Vec x, Vec y) { return apply(pc, x, y, true); }

PetscErrorCode PCSetFromOptions_Tau(PC pc, core::OptionItems PetscOptionsObject) {
  PetscFunctionBegin;
  TauCorrection correction = data_of(pc)->correction;
  PetscOptionsHeadBegin(PetscOptionsObject, "Tau options");
  PetscCall(PetscOptionsEnum(
      "-pc_tau_correction", "of the border of the matrix", "PCTauSetCorrection", correction_names,
      static_cast<PetscEnum>(correction), reinterpret_cast<PetscEnum*>(&correction), nullptr));
  PetscOptionsHeadEnd();
  PetscCall(PCTauSetCorrection(pc, correction));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode PCView_Tau(PC pc, PetscViewer viewer) {
  PetscFunctionBegin;
  PetscBool ascii;
  PetscCall(
      PetscObjectTypeCompare(reinterpret_cast<PetscObject>(viewer), PETSCVIEWERASCII, &ascii));
  const TauData* data = data_of(pc);
  if (!ascii || !data->inverse) PetscFunctionReturn(PETSC_SUCCESS);
  PetscCall(PetscViewerASCIIPrintf(viewer, "  sine transforms of %ld values, least eigenvalue %g\n",
                                   data->inverse->padded_size(),
                                   data->inverse->least_eigenvalue()));
  if (data->inverse->corner() > 0)
    PetscCall(PetscViewerASCIIPrintf(viewer, "  corners of %d x %d corrected\n",
                                     data->inverse->corner(), data->inverse->corner()));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode PCReset_Tau(PC pc) {
  PetscFunctionBegin;
  data_of(pc)->inverse.reset();
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode set_correction(PC pc, TauCorrection correction) {
  if (data_of(pc)->correction != correction) pc->setupcalled = PETSC_FALSE;
  data_of(pc)->correction = correction;
  return PETSC_SUCCESS;
}

PetscErrorCode PCDestroy_Tau(PC pc) {
  PetscFunctionBegin;
  PetscCall(PetscObjectComposeFunction(reinterpret_cast<PetscObject>(pc), "PCTauSetCorrection_C",
                                       nullptr));
  delete data_of(pc);
  pc->data = nullptr;
  PetscFunctionReturn(PETSC_SUCCESS);
}

} // namespace

PetscErrorCode PCTauSetCorrection(PC pc, TauCorrection correction) {
  PetscFunctionBegin;
  PetscTryMethod(pc, "PCTauSetCorrection_C", (PC, TauCorrection), (pc, correction));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode PCCreate_Tau(PC pc) {
  PetscFunctionBegin;
  pc->data = new TauData;
  pc->ops->setup = PCSetUp_Tau;
  pc->ops->apply = PCApply_Tau;
  pc->ops->applytranspose = PCApplyTranspose_Tau;
  pc->ops->setfromoptions = PCSetFromOptions_Tau;
  pc->ops->view = PCView_Tau;
  pc->ops->reset = PCReset_Tau;
  pc->ops->destroy = PCDestroy_Tau;
  PetscCall(PetscObjectComposeFunction(reinterpret_cast<PetscObject>(pc), "PCTauSetCorrection_C",
                                       set_correction));
  PetscFunctionReturn(PETSC_SUCCESS);
}

} // namespace linnet::fractional
