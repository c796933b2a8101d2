// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Operators G: u -> s on random inputs, from which a DeepONet (Lu, Jin, Pang, Zhang and
/// Karniadakis, Nat. Mach. Intell. 3 (2021) 218) learns: values of u at fixed sensors, and of s at
/// any points y. The problems are in docs/operator_problems.md.
#pragma once

#include <linnet/problems/random/function_space.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace linnet::problems {

/// One coordinate of the points y.
struct PointAxis {
  std::string name;
  double low = 0.0, high = 1.0;
  std::vector<double> points; ///< of Cartesian data, increasing
  bool anywhere = true;       ///< s is known between low and high; else at the points alone
};

/// The interval [low, high] by @p count equispaced points. Of a @p periodic one the last point,
/// which is the first one again, is left out.
PointAxis equispaced_axis(const std::string& name, double low, double high, int count,
                          bool periodic = false);

/// @throws core::Error (usage) unless @p x is between the ends of @p axis.
void require_within(const PointAxis& axis, double x);
/// Which of the points of @p axis @p x is. @throws core::Error (usage) where it is none of them.
std::size_t point_index(const PointAxis& axis, double x);

/// One operator. Sample number k depends on it and on the options alone, and has the same bits on
/// any rank, whatever was drawn before.
class OperatorSampler {
public:
  explicit OperatorSampler(std::uint64_t seed) : seed_(seed) {}
  OperatorSampler(const OperatorSampler&) = delete;
  OperatorSampler& operator=(const OperatorSampler&) = delete;
  virtual ~OperatorSampler() = default;

  /// Values of an input u.
  [[nodiscard]] virtual int sensors() const = 0;
  /// Components of s.
  [[nodiscard]] virtual int outputs() const { return 1; }
  /// Of the points y, as many as their dimension.
  [[nodiscard]] virtual const std::vector<PointAxis>& axes() const = 0;
  /// Operators of a sampler: sample k belongs to number k mod operator_count().
  [[nodiscard]] virtual int operator_count() const { return 1; }
  /// Numbers that tell which operator a sample belongs to, where a sampler has several.
  [[nodiscard]] virtual int code_size() const { return 0; }

  /// Draws sample @p number; @p input: its values at the sensors. False: it has no solution, is to
  /// be left out and counted.
  virtual bool draw(std::uint64_t number, std::span<double> input) = 0;
  /// s of the input drawn last, at @p points: dimension() numbers each, one point behind the other;
  /// @p values: outputs() each. A value does not depend on the other points. @throws core::Error
  /// (usage) for a point where s is not known.
  virtual void evaluate(std::span<const double> points, std::span<double> values) = 0;
  /// The code_size() numbers of the operator drawn last.
  virtual void code(std::span<double>) const {}
  /// Those of operator @p number.
  virtual void code_of(int number, std::span<double> numbers) const {
    static_cast<void>(number), static_cast<void>(numbers);
  }
  /// All that the samples depend on, in words and numbers.
  [[nodiscard]] virtual std::string recipe() const = 0;

  [[nodiscard]] int dimension() const { return static_cast<int>(axes().size()); }
  /// The points of Cartesian data, which all samples share: the first coordinate fastest.
  [[nodiscard]] std::vector<double> grid() const;
  /// @p count points for triples (u, y, s(y)), uniform between the ends of the axes or, where s is
  /// known there alone, among their points. Point j depends on @p number and j alone.
  void random_points(std::uint64_t number, int count, std::span<double> points) const;

protected:
  [[nodiscard]] std::uint64_t seed() const { return seed_; }

private:
  std::uint64_t seed_;
};

/// What is not set has the default of the problem. What a problem does not have is refused.
struct OperatorSamplerOptions {
  std::uint64_t seed = 0;
  std::optional<int> sensors;          ///< values of an input
  std::optional<int> grid;             ///< points per direction of Cartesian data
  std::optional<std::string> function; ///< kind of the function space
  std::optional<double> correlation;   ///< of the function space
  std::optional<int> terms;            ///< of the function space
  std::optional<double> bound;         ///< of the function space
  std::optional<double> horizon;       ///< final time
  std::optional<double> diffusion;     ///< coefficient of the second derivative
  std::optional<double> reaction;      ///< k of nonlinear terms
  std::optional<int> operators;        ///< sets of coefficients of each family
  std::optional<double> spread;        ///< of coefficients about their centres, relative
  std::vector<std::string> families;   ///< of evolution equations
  int refinement = 1;                  ///< times the resolution of the solver, in space and time
  double noise = 0.0;                  ///< added to inputs, relative to their root mean square
};

/// Names for make_operator_sampler().
const std::vector<std::string>& operator_problems();

/// @throws core::Error (usage) in one line for a name or an option that is wrong or of no effect.
std::unique_ptr<OperatorSampler> make_operator_sampler(const std::string& name,
                                                       const OperatorSamplerOptions& options);

} // namespace linnet::problems
