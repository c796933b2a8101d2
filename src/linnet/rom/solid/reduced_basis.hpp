// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Modes of displacement, plastic strain and stress of a solid, learnt from snapshots and extended
/// by single states.
///
/// - Psi (u without its lift): orthonormal in the product of SolidProducts; with them their strains
///   B Psi at all points, 6 numbers a point and mode.
/// - Phi (p): orthonormal by the weights of the points.
/// - stress modes: orthonormal by the same weights, all components together; and stress rows, that
///   the reduced quadrature is made for: modes times their singular values, so that noise has the
///   weight of noise, and states that were appended as they are.
/// Number of modes by the rule of linalg/pod.hpp.
#pragma once

#include <linnet/linalg/orthonormal_basis.hpp>
#include <linnet/linalg/pod.hpp>
#include <linnet/rom/solid/solid_numbering.hpp>
#include <linnet/rom/solid/solid_products.hpp>
#include <linnet/rom/solid/training_set.hpp>

#include <cstdint>
#include <span>
#include <vector>

namespace linnet::rom {

struct BasisOptions {
  double displacement_tolerance = 1e-6;   ///< `-rom_tol_u`
  double plastic_strain_tolerance = 1e-4; ///< `-rom_tol_p`
  double stress_tolerance = 1e-4;         ///< `-rom_tol_sigma`
  /// `-pod_method`. The Gram matrix takes less time, but squares the rounding of its sums: the
  /// smallest modes, and with them the points of the cubature, then depend on the number of ranks.
  linalg::PodMethod method = linalg::PodMethod::tsqr;
};

/// What a basis is made of; fields as dense columns.
struct BasisModes {
  core::Owned<Mat> displacement, plastic_strain, stress, stress_rows;
  /// Of the POD, one for each of its modes; appended modes have none.
  std::vector<double> displacement_values, plastic_strain_values, stress_values;
  std::int64_t supports = 0; ///< support_hash() of the training
};

/// Modes are only ever appended: older ones keep their bits, and coefficients of before stay valid
/// with zeros behind them.
/// How many columns a basis has.
struct BasisSizes {
  PetscInt displacement = 0, plastic_strain = 0, stress = 0, stress_rows = 0;
};

class SolidBasis {
public:
  /// Computes the strains of the modes. References @p model and @p products. Collective.
  SolidBasis(const fem::SolidModel& model, const SolidProducts& products, BasisModes modes);

  /// POD of all steps of @p loadings. Memory: a copy of one quantity's snapshots at a time.
  /// Collective; @throws core::Error as linalg::pod, (data) without any displacement, or where
  /// loadings hold different unknowns.
  static SolidBasis train(const fem::SolidModel& model, const SolidProducts& products,
                          const SolidNumbering& numbering, std::span<const TrainingPart> loadings,
                          const BasisOptions& options);

  [[nodiscard]] const linalg::OrthonormalBasis& displacement() const { return displacement_; }
  [[nodiscard]] const linalg::OrthonormalBasis& plastic_strain() const { return plastic_strain_; }
  [[nodiscard]] const linalg::OrthonormalBasis& stress() const { return stress_; }
  /// B Psi, tensor components: 6 points x modes.
  [[nodiscard]] const linalg::ColumnStore& strains() const { return strains_; }
  /// 6 points x rows.
  [[nodiscard]] const linalg::ColumnStore& stress_rows() const { return stress_rows_; }
  /// Singular values of the POD, for displacement, plastic strain and stress.
  [[nodiscard]] const std::vector<double>& displacement_values() const { return values_[0]; }
  [[nodiscard]] const std::vector<double>& plastic_strain_values() const { return values_[1]; }
  [[nodiscard]] const std::vector<double>& stress_values() const { return values_[2]; }
  /// support_hash() of the loadings that were learnt from.
  [[nodiscard]] std::int64_t supports() const { return supports_; }
  [[nodiscard]] const fem::SolidModel& model() const { return *model_; }
  [[nodiscard]] const SolidProducts& products() const { return *products_; }

  /// Appends what of @p u (without its lift) lies outside of the span, and its strain. False, and
  /// nothing changes, where that is at most @p tolerance |u|. Cost: two passes of Gram-Schmidt, 8 n
  /// operations an unknown; one product with M a pass; strains of one field. Collective.
  bool append_displacement(Vec u, double tolerance);
  /// The same for p at this rank's points. Cost: 8 n_p operations a point. Collective.
  bool append_plastic_strain(std::span<const double> p, double tolerance);
  /// Appends a stress (points x 6 of this rank) as a row of the quadrature, as it is, and what lies
  /// outside of the stress modes as a mode unless at most @p tolerance of it. Cost: one copy, and 8
  /// n_sigma operations a component. Collective.
  void append_stress(std::span<const double> stress, double tolerance);

  [[nodiscard]] BasisSizes sizes() const;
  /// Takes back what was appended since then.
  void truncate(const BasisSizes& sizes);

private:
  void append_strains(PetscInt first);

  const fem::SolidModel* model_;
  const SolidProducts* products_;
  linalg::OrthonormalBasis displacement_, plastic_strain_, stress_;
  linalg::ColumnStore strains_, stress_rows_;
  std::vector<double> values_[3];
  std::int64_t supports_;
};

} // namespace linnet::rom
