// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/core/owned.hpp>
#include <linnet/fractional/riesz_matrix.hpp>
#include <linnet/io/vec_array.hpp>

#include <array>

namespace linnet::fractional {

namespace {

/// The sum over the B-splines that are not zero at a point.
class Evaluator {
public:
  Evaluator(const RieszTerms& terms, const RieszOptions& options, const double* coefficients)
      : terms_(terms), options_(options), coefficients_(coefficients) {}

  double operator()(const PetscReal* x) const {
    std::array<SplineBasis::Values, 3> values;
    for (std::size_t d = 0; d < terms_.axes.size(); ++d) {
      const RieszAxis& axis = options_.axis[d];
      if (!(x[d] >= 0.0 && x[d] <= axis.length)) return 0.0; // outside
      values[d] =
          terms_.axes[d]->basis.values(x[d] * static_cast<double>(axis.spans) / axis.length);
    }
    return sum(values, terms_.axes.size(), 0);
  }

private:
  // Over the B-splines of the directions below @p directions; @p start: of those above.
  double sum(const std::array<SplineBasis::Values, 3>& values, std::size_t directions,
             long start) const {
    if (directions == 0) return coefficients_[start];
    const SplineBasis::Values& v = values[directions - 1];
    const long size = terms_.axes[directions - 1]->size();
    double total = 0.0;
    for (int k = 0; k < v.count; ++k)
      if (v.first + k >= 0 && v.first + k < size)
        total += v.value[static_cast<std::size_t>(k)] *
                 sum(values, directions - 1, start * size + v.first + k);
    return total;
  }

  const RieszTerms& terms_;
  const RieszOptions& options_;
  const double* coefficients_;
};

} // namespace

PetscErrorCode MatRieszEvaluate(Mat A, Vec coefficients, PetscInt count, const PetscReal x[],
                                PetscReal values[]) {
  PetscFunctionBegin;
  const RieszTerms* terms = nullptr;
  PetscCall(MatRieszGetTerms(A, &terms));
  Vec whole = nullptr;
  VecScatter scatter = nullptr;
  PetscCall(VecScatterCreateToAll(coefficients, &scatter, &whole));
  const core::Owned<Vec> all(whole);
  PetscCall(VecScatterBegin(scatter, coefficients, whole, INSERT_VALUES, SCATTER_FORWARD));
  PetscCall(VecScatterEnd(scatter, coefficients, whole, INSERT_VALUES, SCATTER_FORWARD));
  PetscCall(VecScatterDestroy(&scatter));
  LINNET_PETSC_GUARD({
    const io::VecReadArray c(whole);
    const Evaluator evaluate(*terms, riesz_matrix(A).options, c.data());
    for (PetscInt q = 0; q < count; ++q)
      values[q] = evaluate(x + q * static_cast<PetscInt>(terms->dim()));
  });
  PetscFunctionReturn(PETSC_SUCCESS);
}

} // namespace linnet::fractional
