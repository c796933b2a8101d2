// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Conductivity media: a positive scalar per cell times one constant symmetric tensor.
#pragma once

#include <linnet/core/petsc.hpp>
#include <linnet/problems/cells/domain.hpp>

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace linnet::problems {

enum class MediumKind {
  constant,     ///< background everywhere
  lognormal,    ///< background * exp(deviation * unit-variance random field)
  two_phase,    ///< background where the random field is negative, background * contrast elsewhere
  darcy,        ///< two_phase with the two values of MediumOptions::phases
  checkerboard, ///< blocks of background and background * contrast in turn
  inclusions,   ///< background * contrast^c, c drawn in (0,1), in each of 16 squares of background
  channels,     ///< seeded meandering channels of background * contrast
  anisotropic,  ///< background, with grid-aligned ratios per direction
  rotated,      ///< 2-D: background, conductivity rotated by an angle
  file,         ///< the caller has filled the cell values
};

struct MediumOptions {
  MediumKind kind = MediumKind::constant;
  double background = 1.0;                 ///< conductivity of the first phase, positive
  double contrast = 1.0e4;                 ///< of the second phase to the first, 1e-8 to 1e8
  std::array<double, 2> phases{3.0, 12.0}; ///< darcy: values where the field is negative, elsewhere
  double alpha = 3.0;                      ///< random field: exponent of the covariance
  double tau = 7.0;                        ///< random field: inverse length
  double deviation = 1.0;                  ///< lognormal: standard deviation of log(kappa)
  std::uint64_t seed = 0;                  ///< of everything random
  std::uint64_t sample = 0;                ///< number of the draw
  core::Index3 blocks{8, 8, 8};            ///< checkerboard: blocks per direction
  int channels = 4;                        ///< channels: how many
  double channel_width = 0.06;             ///< channels: width over the shortest side across them
  core::Real3 ratios{1.0, 1.0, 1.0};       ///< anisotropic: factor per direction, positive
  double angle = 30.0;                     ///< rotated: degrees from x to the good direction
  double ratio = 100.0;                    ///< rotated: good over bad conductivity, 1 to 1e8
};

/// The constant factor T of the conductivity K(x) = kappa(x) T.
struct ConductivityTensor {
  core::Real3 diagonal{1.0, 1.0, 1.0};
  double xy = 0.0; ///< 2-D off-diagonal entry
  [[nodiscard]] bool isotropic() const {
    return xy == 0.0 && diagonal[0] == diagonal[1] && diagonal[1] == diagonal[2];
  }
};

/// Name as options and decks spell it. @throws core::Error (usage) for any other word, naming all.
MediumKind medium_kind(std::string_view name);
const char* medium_name(MediumKind kind);
/// All names, separated by ", ".
std::string medium_names();

/// @throws core::Error (usage): the first option out of its range for a problem of @p dim
/// dimensions, as -diffusion_<option>.
void validate(const MediumOptions& options, int dim);

/// Fills @p kappa, a global vector of the DMDA @p cells (dof 1); kind file leaves it. Checks
/// options and the result. Collective; the same bits on every number of ranks.
PetscErrorCode fill_medium(DM cells, const Domain& domain, const MediumOptions& options, Vec kappa);

/// T of the medium; the unit tensor for all kinds but anisotropic and rotated.
ConductivityTensor medium_tensor(const MediumOptions& options);

/// Refuses a conductivity that is not positive and finite everywhere; @p name says in the message
/// what it is ("conductivity from file.h5:/kappa"). Collective, the same outcome on all ranks.
PetscErrorCode validate_conductivity(DM cells, Vec kappa, const std::string& name);

} // namespace linnet::problems
