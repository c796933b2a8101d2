// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/fractional/riesz_matrix.hpp>

#include <string>
#include <vector>

namespace linnet::fractional {

namespace {

/// A list with one entry for all directions or one for each.
template <class T>
void set_each(const char* name, const std::vector<T>& given, RieszOptions& o, T RieszAxis::*field) {
  const auto dim = static_cast<std::size_t>(o.dim);
  if (given.size() != 1 && given.size() != dim)
    core::throw_usage(std::string(name) + ": must have " +
                      (dim == 1 ? "1 entry" : "1 or " + std::to_string(dim) + " entries") +
                      " (-mat_riesz_dim " + std::to_string(dim) + "), got " +
                      std::to_string(given.size()));
  for (std::size_t d = 0; d < dim; ++d) o.axis[d].*field = given[given.size() == 1 ? 0 : d];
}

const char* const fft_names[] = {"auto", "replicated", "distributed", "RieszFft", "", nullptr};

constexpr PetscInt most_entries = 8; // one more than a list may have is seen, and refused

PetscErrorCode integers_option(core::OptionItems PetscOptionsObject, const char* name,
                               const char* text, RieszOptions& o, PetscInt RieszAxis::*field,
                               bool* any) {
  PetscFunctionBegin;
  PetscInt values[most_entries] = {o.axis[0].*field}, count = most_entries;
  PetscBool given = PETSC_FALSE;
  PetscCall(PetscOptionsIntArray(name, text, "MatRieszSetOptions", values, &count, &given));
  if (given)
    LINNET_PETSC_GUARD(set_each(name, std::vector<PetscInt>(values, values + count), o, field));
  *any = *any || given;
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode reals_option(core::OptionItems PetscOptionsObject, const char* name,
                            const char* text, RieszOptions& o, PetscReal RieszAxis::*field,
                            bool* any) {
  PetscFunctionBegin;
  PetscReal values[most_entries] = {o.axis[0].*field};
  PetscInt count = most_entries;
  PetscBool given = PETSC_FALSE;
  PetscCall(PetscOptionsRealArray(name, text, "MatRieszSetOptions", values, &count, &given));
  if (given)
    LINNET_PETSC_GUARD(set_each(name, std::vector<PetscReal>(values, values + count), o, field));
  *any = *any || given;
  PetscFunctionReturn(PETSC_SUCCESS);
}

} // namespace

PetscErrorCode MatSetFromOptions_Riesz(Mat A, core::OptionItems PetscOptionsObject) {
  PetscFunctionBegin;
  RieszOptions o = riesz_matrix(A).options;
  PetscBool dim = PETSC_FALSE, reaction = PETSC_FALSE, fft = PETSC_FALSE;
  bool any = false;
  PetscOptionsHeadBegin(PetscOptionsObject, "Riesz options");
  PetscCall(PetscOptionsInt("-mat_riesz_dim", "directions, 1 to 3", "MatRieszSetOptions", o.dim,
                            &o.dim, &dim));
  PetscCheck(o.dim >= 1 && o.dim <= 3, PetscObjectComm(reinterpret_cast<PetscObject>(A)),
             PETSC_ERR_USER_INPUT, "-mat_riesz_dim: must be 1, 2 or 3, got %" PetscInt_FMT, o.dim);
  PetscCall(integers_option(PetscOptionsObject, "-mat_riesz_n", "knot spans", o, &RieszAxis::spans,
                            &any));
  PetscCall(integers_option(PetscOptionsObject, "-mat_riesz_degree",
                            "degree of the splines, 2 to 15", o, &RieszAxis::degree, &any));
  PetscCall(reals_option(PetscOptionsObject, "-mat_riesz_alpha",
                         "order of the operator, between 1 and 2", o, &RieszAxis::alpha, &any));
  PetscCall(reals_option(PetscOptionsObject, "-mat_riesz_length", "of the interval", o,
                         &RieszAxis::length, &any));
  PetscCall(reals_option(PetscOptionsObject, "-mat_riesz_coefficient", "in front of the operator",
                         o, &RieszAxis::coefficient, &any));
  PetscCall(PetscOptionsReal("-mat_riesz_reaction", "in front of the mass matrix",
                             "MatRieszSetOptions", o.reaction, &o.reaction, &reaction));
  PetscCall(PetscOptionsEnum("-mat_riesz_fft", "how transforms are spread over the ranks",
                             "MatRieszSetOptions", fft_names, static_cast<PetscEnum>(o.fft),
                             reinterpret_cast<PetscEnum*>(&o.fft), &fft));
  PetscOptionsHeadEnd();
  if (any || dim || reaction || fft) PetscCall(MatRieszSetOptions(A, o));
  PetscFunctionReturn(PETSC_SUCCESS);
}

} // namespace linnet::fractional
