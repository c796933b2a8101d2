// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// A reduced model of a solid: modes on the mesh, points with weights, and what of the modes is
/// needed at the points, on all ranks.
#pragma once

#include <linnet/rom/calibration.hpp>
#include <linnet/rom/gappy_pod.hpp>
#include <linnet/rom/solid/point_gather.hpp>
#include <linnet/rom/solid/reduced_points.hpp>

#include <optional>
#include <vector>

namespace linnet::rom {

struct TrainingOptions {
  BasisOptions basis;
  CubatureOptions cubature;
};

/// Values of the modes at the points; by columns, on all ranks.
struct ModesAtPoints {
  std::vector<double> strains;        ///< 6 points x modes of u
  std::vector<double> plastic_strain; ///< points x modes of p
  std::vector<double> stress;         ///< 6 points x modes of stress
  std::vector<int> materials;         ///< of each point
};

/// Below this there is no plastic flow: the root mean square of p over the mesh, or the length of
/// its values at the points of a model.
inline constexpr double no_plastic_strain = 1e-7;

/// After modes were appended to basis(), update() chooses points anew and gathers.
class SolidReducedModel {
public:
  /// Chooses the points. Collective; @throws core::Error as choose_points.
  SolidReducedModel(SolidBasis basis, const CubatureOptions& cubature);
  /// With points that are known, as from a file. Collective; @throws core::Error (data) for points
  /// that the mesh does not have.
  SolidReducedModel(SolidBasis basis, const CubatureOptions& cubature, ReducedPoints points);

  [[nodiscard]] SolidBasis& basis() { return basis_; }
  [[nodiscard]] const SolidBasis& basis() const { return basis_; }
  [[nodiscard]] const SolidNumbering& numbering() const { return numbering_; }
  [[nodiscard]] const ReducedPoints& points() const { return points_; }
  [[nodiscard]] const CubatureOptions& cubature() const { return cubature_; }
  [[nodiscard]] const ModesAtPoints& at_points() const { return at_points_; }
  /// Takes values of all of this rank's points to the points of the model, on all ranks.
  [[nodiscard]] const PointGather& gather() const { return *gather_; }
  /// Fits of p and of all stress components together by their modes; empty without modes.
  [[nodiscard]] const std::optional<GappyPod>& plastic_strain_fit() const { return p_fit_; }
  [[nodiscard]] const std::optional<GappyPod>& stress_fit() const { return stress_fit_; }

  [[nodiscard]] const Calibration& calibration() const { return calibration_; }
  void set_calibration(Calibration calibration) { calibration_ = std::move(calibration); }

  /// After appends: a rule that starts from the one there is, points, values of the modes at them
  /// (one sum over the ranks of 6 points x modes numbers), pseudo-inverses (small). Collective;
  /// @throws core::Error as choose_points.
  void update();
  /// Goes back to what it had before modes were appended. Collective.
  void take_back(const BasisSizes& sizes, const ReducedPoints& points);

private:
  void take_to_points();

  SolidBasis basis_;
  SolidNumbering numbering_;
  CubatureOptions cubature_;
  ReducedPoints points_;
  ModesAtPoints at_points_;
  std::optional<PointGather> gather_;
  std::optional<GappyPod> p_fit_, stress_fit_;
  Calibration calibration_;
};

/// Modes, points and fits from the steps of @p loadings; the calibration stays the identity.
/// Collective.
SolidReducedModel train_reduced_model(const fem::SolidModel& model, const SolidProducts& products,
                                      std::span<const TrainingPart> loadings,
                                      const TrainingOptions& options);

} // namespace linnet::rom
