// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Families of evolution equations in one periodic direction, 0 <= x <= 2, from u(x,0) to u(x,t):
/// what a network that learns many operators at once is trained and tested on (after the families
/// of Sun, Zhang and Schaeffer, arXiv 2408.16168). Their list is in docs/operator_problems.md.
///
/// An operator is a family with coefficients drawn uniformly within a relative spread about their
/// centres. The final time T of the family is 1 here: terms without time derivative carry T or T^2.
#pragma once

#include <linnet/problems/operators/operator_sampler.hpp>
#include <linnet/problems/operators/periodic_evolution.hpp>

namespace linnet::problems {

struct EvolutionFamiliesOptions {
  std::uint64_t seed = 0;
  std::vector<std::string> families; ///< none: training_families()
  int operators = 12;                ///< of each family
  double spread = 0.1;               ///< of the coefficients, in [0,1)
  int sensors = 64;                  ///< of the input, at x = 2 i / sensors; at least 16
  int grid = 64;                     ///< points of Cartesian data along x
  int refinement = 1;                ///< times the points and steps of the solver
};

/// Names of all families.
const std::vector<std::string>& evolution_families();
/// Of those to train on, and of those to be held out.
const std::vector<std::string>& training_families();
const std::vector<std::string>& held_out_families();

/// u is known at twelve times j/12 and at any x. The input is the trigonometric polynomial through
/// its values, without the mode that they do not determine: that polynomial is what evolves.
///
/// Sample number k belongs to operator k mod operator_count(), which belongs to family number
/// (operator mod families): the first samples have some of every family.
class EvolutionFamilies final : public OperatorSampler {
public:
  static constexpr int times = 12;
  /// @throws core::Error (usage) for options out of their range.
  explicit EvolutionFamilies(const EvolutionFamiliesOptions& options);

  [[nodiscard]] int sensors() const override { return options_.sensors; }
  [[nodiscard]] const std::vector<PointAxis>& axes() const override { return axes_; }
  [[nodiscard]] int code_size() const override { return EvolutionTerms::count; }
  bool draw(std::uint64_t number, std::span<double> input) override;
  void evaluate(std::span<const double> points, std::span<double> values) override;
  /// The coefficients of the terms, see EvolutionTerms.
  void code(std::span<double> numbers) const override;
  void code_of(int number, std::span<double> numbers) const override;
  [[nodiscard]] std::string recipe() const override;

  [[nodiscard]] int operator_count() const override;
  /// The equation of operator @p number, the final time being 1.
  [[nodiscard]] EvolutionTerms equation(int number) const;

private:
  void select(int number);
  void draw_input(std::uint64_t number, std::span<double> input);

  EvolutionFamiliesOptions options_;
  std::vector<PointAxis> axes_;
  std::vector<int> families_; ///< places in evolution_families()
  linalg::GridFft fft_;       ///< of the input
  int selected_ = -1;         ///< the operator of the solver
  int family_ = 0;            ///< that of selected_
  EvolutionTerms terms_;
  std::unique_ptr<PeriodicEvolution> solver_;
  std::vector<PeriodicEvolution::Modes> frames_;
};

} // namespace linnet::problems
