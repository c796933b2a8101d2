// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// A network that looks at the state of a nonlinear solve, on the DMDA of its SNES.
///
/// Of a network N with the residual among its inputs (nonlinear/input_channels.hpp) the result is
/// the correction
///   d = rms(F) N(-F / rms(F), ...),    rms(F) = |F| / sqrt(n),
/// positively homogeneous in F for given other inputs; d = 0 where F = 0. Of any other network it
/// is the solution itself. A Vec that the DMDA carries under the name "mask" tells the points
/// (not 0) whose equation is u_i = g_i: there d = -F, which is exact, whatever the network says.
///
/// Vecs are found by PetscObjectQuery on the DMDA of the SNES, else on the SNES, else on its
/// Jacobian: PetscObjectCompose a Vec of the DMDA's layout on one of them. A nonlinear
/// preconditioner shares DMDA and Jacobian with the SNES that it serves. PETSc lets no DM carry a
/// Vec of its own making; one of VecCreateMPI with the same sizes, or of a DMClone, will do.
#pragma once

#include <linnet/nn/fields/grid_operator.hpp>
#include <linnet/nonlinear/input_channels.hpp>

#include <petscsnes.h>

#include <string>

namespace linnet::nonlinear {

/// Name of the Vec that tells points without an equation of their own.
inline constexpr const char* mask_key = "mask";

/// How messages speak of a network.
struct NetworkNames {
  std::string type;          ///< who uses it, which begins a message
  std::string model_option;  ///< that names the file
  std::string inputs_option; ///< that lists the channels
};

class StateNetwork {
public:
  /// The model of @p path, of at most @p byte_limit bytes of parameters, on the DMDA of @p snes;
  /// @p inputs overrules its own list of channels where it is not empty. Collective, as is apply().
  /// @throws core::Error (usage, data) on all ranks.
  StateNetwork(SNES snes, const std::string& path, const std::string& inputs,
               std::int64_t byte_limit, const NetworkNames& names);

  [[nodiscard]] bool makes_correction() const { return correction_; }
  /// @p result: the correction of the state @p u, whose residual is @p F, or the solution.
  void apply(SNES snes, Vec u, Vec F, Vec result);

  [[nodiscard]] const nn::Model& model() const { return model_; }
  [[nodiscard]] std::string inputs() const { return text_of(inputs_); }
  [[nodiscard]] core::Index3 points() const { return operator_->points(); }
  [[nodiscard]] int workers() const { return operator_->workers(); }

private:
  Vec channel(SNES snes, std::size_t number, Vec u, Vec F, double scale);
  Vec field_of(SNES snes, const std::string& name, bool needed) const;
  void set_masked(SNES snes, Vec u, Vec F, Vec result) const;

  NetworkNames names_;
  nn::Model model_;
  std::vector<InputChannel> inputs_;
  bool correction_ = false;
  std::unique_ptr<nn::GridOperator> operator_;
  std::vector<core::Owned<Vec>> own_; ///< of channels that are computed
};

} // namespace linnet::nonlinear
