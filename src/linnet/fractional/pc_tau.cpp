// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/fractional/pc_tau.hpp>

#include <linnet/core/log.hpp>
#include <linnet/fractional/fast_diagonalisation.hpp>
#include <linnet/fractional/sine_product.hpp>
#include <linnet/grid/kernel_values.hpp>

#include <petsc/private/pcimpl.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace linnet::fractional {

namespace {

const char* const correction_names[] = {"none", "corner", "TauCorrection", "", nullptr};
const char* const tensor_names[] = {"auto", "diagonalise", "sine", "TauTensor", "", nullptr};

/// Eigenvectors of longer lines take minutes to compute.
constexpr long diagonalisation_limit = 2048;

struct TauData {
  TauCorrection correction = TauCorrection::corner;
  TauTensor tensor = TauTensor::automatic;
  std::unique_ptr<RieszInverse> inverse;
  std::string description;  ///< of it
  Vec reciprocal = nullptr; ///< 1/D, where there is a variable coefficient
  Vec scaled = nullptr;     ///< with it
  /// Kept as long as the operator stays the same: a time step changes the reaction alone.
  std::optional<RieszOptions> diagonalised;
  std::vector<PencilEigenvalues> pencils;
};

TauData* data_of(PC pc) { return static_cast<TauData*>(pc->data); }

MPI_Comm comm_of(PC pc) { return PetscObjectComm(reinterpret_cast<PetscObject>(pc)); }

bool same_operator(const RieszOptions& a, const RieszOptions& b) {
  const auto same_axis = [](const RieszAxis& x, const RieszAxis& y) {
    return x.spans == y.spans && x.degree == y.degree && x.alpha == y.alpha &&
           x.length == y.length && x.coefficient == y.coefficient;
  };
  return a.dim == b.dim &&
         std::equal(a.axis.begin(), a.axis.begin() + a.dim, b.axis.begin(), same_axis);
}

/// False where the eigenvalues are not as they should be.
bool find_pencils(PC pc, const RieszTerms& terms) {
  TauData* data = data_of(pc);
  RieszOptions options;
  LINNET_CHECK(MatRieszGetOptions(pc->pmat, &options));
  if (data->diagonalised && same_operator(*data->diagonalised, options)) return true;
  auto pencils = pencil_eigenvalues(comm_of(pc), terms);
  if (!pencils) return false;
  data->pencils = std::move(*pencils);
  data->diagonalised = options;
  return true;
}

std::unique_ptr<RieszInverse> tensor_inverse(PC pc, const RieszTerms& terms, double reaction) {
  const TauData* data = data_of(pc);
  const SlabLayout slabs = slab_layout(pc->pmat, terms);
  const bool fits = std::all_of(terms.axes.begin(), terms.axes.end(), [](const auto& axis) {
    return axis->size() <= diagonalisation_limit;
  });
  const bool wanted =
      data->tensor == TauTensor::diagonalise || (data->tensor == TauTensor::automatic && fits);
  if (wanted && find_pencils(pc, terms))
    return std::make_unique<FastDiagonalisation>(slabs, data->pencils, reaction);
  return std::make_unique<SineProduct>(slabs, terms, reaction);
}

/// 1/D; its mean is the factor of the reaction.
PetscErrorCode set_up_field(PC pc, Vec field, PetscReal* mean) {
  PetscFunctionBegin;
  TauData* data = data_of(pc);
  *mean = 1.0;
  PetscCall(VecDestroy(&data->reciprocal));
  PetscCall(VecDestroy(&data->scaled));
  if (!field) PetscFunctionReturn(PETSC_SUCCESS);
  PetscInt size;
  PetscCall(VecDuplicate(field, &data->reciprocal));
  PetscCall(VecDuplicate(field, &data->scaled));
  PetscCall(VecCopy(field, data->reciprocal));
  PetscCall(VecReciprocal(data->reciprocal));
  PetscCall(VecSum(data->reciprocal, mean));
  PetscCall(VecGetSize(field, &size));
  *mean /= static_cast<PetscReal>(size);
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode PCSetUp_Tau(PC pc) {
  PetscFunctionBegin;
  TauData* data = data_of(pc);
  PetscBool is_riesz;
  PetscCall(PetscObjectTypeCompare(reinterpret_cast<PetscObject>(pc->pmat), MATRIESZ, &is_riesz));
  PetscCheck(is_riesz, comm_of(pc), PETSC_ERR_ARG_WRONG,
             "-pc_type tau needs a matrix of type riesz, not %s",
             reinterpret_cast<PetscObject>(pc->pmat)->type_name);
  const RieszTerms* terms = nullptr;
  Vec field;
  PetscReal mean;
  PetscCall(MatRieszGetTerms(pc->pmat, &terms));
  PetscCall(MatRieszGetCoefficientField(pc->pmat, &field));
  PetscCall(set_up_field(pc, terms->has_operator ? field : nullptr, &mean));
  LINNET_PETSC_GUARD({
    const double reaction = mean * terms->reaction;
    data->inverse.reset();
    if (terms->dim() == 1)
      data->inverse = std::make_unique<TauInverse>(line_share(pc->pmat), terms->sum(true, reaction),
                                                   data->correction);
    else
      data->inverse = tensor_inverse(pc, *terms, reaction);
    data->description = data->inverse->description();
  });
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode apply(PC pc, Vec x, Vec y, bool transposed) {
  PetscFunctionBegin;
  TauData* data = data_of(pc);
  PetscCall(PetscLogEventBegin(core::events().tau_apply, pc, x, y, nullptr));
  if (data->reciprocal && !transposed) {
    PetscCall(VecPointwiseMult(data->scaled, x, data->reciprocal));
    x = data->scaled;
  }
  LINNET_PETSC_GUARD({
    grid::KernelValues from(x, grid::Access::read), to(y, grid::Access::write);
    data->inverse->apply(from.data(), to.data(), transposed);
    to.restore();
    from.restore();
  });
  if (data->reciprocal && transposed) PetscCall(VecPointwiseMult(y, y, data->reciprocal));
  PetscCall(PetscLogEventEnd(core::events().tau_apply, pc, x, y, nullptr));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode PCApply_Tau(PC pc, Vec x, Vec y) { return apply(pc, x, y, false); }
PetscErrorCode PCApplyTranspose_Tau(PC pc, Vec x, Vec y) { return apply(pc, x, y, true); }

PetscErrorCode PCSetFromOptions_Tau(PC pc, core::OptionItems PetscOptionsObject) {
  PetscFunctionBegin;
  TauCorrection correction = data_of(pc)->correction;
  TauTensor tensor = data_of(pc)->tensor;
  PetscOptionsHeadBegin(PetscOptionsObject, "Tau options");
  PetscCall(PetscOptionsEnum(
      "-pc_tau_correction", "of the border of the matrix", "PCTauSetCorrection", correction_names,
      static_cast<PetscEnum>(correction), reinterpret_cast<PetscEnum*>(&correction), nullptr));
  PetscCall(PetscOptionsEnum("-pc_tau_tensor", "how several directions are inverted",
                             "PCTauSetTensor", tensor_names, static_cast<PetscEnum>(tensor),
                             reinterpret_cast<PetscEnum*>(&tensor), nullptr));
  PetscOptionsHeadEnd();
  PetscCall(PCTauSetCorrection(pc, correction));
  PetscCall(PCTauSetTensor(pc, tensor));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode PCView_Tau(PC pc, PetscViewer viewer) {
  PetscFunctionBegin;
  PetscBool ascii;
  PetscCall(
      PetscObjectTypeCompare(reinterpret_cast<PetscObject>(viewer), PETSCVIEWERASCII, &ascii));
  const TauData* data = data_of(pc);
  if (!ascii || !data->inverse) PetscFunctionReturn(PETSC_SUCCESS);
  PetscCall(PetscViewerASCIIPrintf(viewer, "  %s\n", data->description.c_str()));
  if (data->reciprocal)
    PetscCall(PetscViewerASCIIPrintf(viewer, "  divided by the variable coefficient\n"));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode PCReset_Tau(PC pc) {
  PetscFunctionBegin;
  TauData* data = data_of(pc);
  data->inverse.reset();
  data->diagonalised.reset();
  data->pencils.clear();
  PetscCall(VecDestroy(&data->reciprocal));
  PetscCall(VecDestroy(&data->scaled));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode set_correction(PC pc, TauCorrection correction) {
  if (data_of(pc)->correction != correction) pc->setupcalled = PETSC_FALSE;
  data_of(pc)->correction = correction;
  return PETSC_SUCCESS;
}

PetscErrorCode set_tensor(PC pc, TauTensor tensor) {
  if (data_of(pc)->tensor != tensor) pc->setupcalled = PETSC_FALSE;
  data_of(pc)->tensor = tensor;
  return PETSC_SUCCESS;
}

PetscErrorCode PCDestroy_Tau(PC pc) {
  PetscFunctionBegin;
  PetscCall(PetscObjectComposeFunction(reinterpret_cast<PetscObject>(pc), "PCTauSetCorrection_C",
                                       nullptr));
  PetscCall(
      PetscObjectComposeFunction(reinterpret_cast<PetscObject>(pc), "PCTauSetTensor_C", nullptr));
  PetscCall(PCReset_Tau(pc));
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

PetscErrorCode PCTauSetTensor(PC pc, TauTensor tensor) {
  PetscFunctionBegin;
  PetscTryMethod(pc, "PCTauSetTensor_C", (PC, TauTensor), (pc, tensor));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode PCTauGetDescription(PC pc, const char** description) {
  PetscFunctionBegin;
  PetscBool is_tau;
  PetscCall(PetscObjectTypeCompare(reinterpret_cast<PetscObject>(pc), PCTAU, &is_tau));
  PetscCheck(is_tau, comm_of(pc), PETSC_ERR_ARG_WRONG, "this needs a PC of type tau");
  *description = data_of(pc)->description.c_str();
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
  PetscCall(PetscObjectComposeFunction(reinterpret_cast<PetscObject>(pc), "PCTauSetTensor_C",
                                       set_tensor));
  PetscFunctionReturn(PETSC_SUCCESS);
}

} // namespace linnet::fractional
