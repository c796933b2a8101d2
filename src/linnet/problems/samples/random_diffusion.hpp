// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Samples of -div(k grad u) = f on the unit square with u = 0 on its boundary, with a random k and
/// a random f: families of systems that a coarse space or an operator network is trained on.
///
///  - log-normal: log k is `deviation` times a smooth random field
///  (problems/random/smooth_random_field.hpp), drawn
///    on 33 x 33 nodes and bilinear between them, on whatever grid;
///  - inclusions: k = contrast^c with a c uniform in (0,1) for each of 16 squares, always the same
///    ones (problems/geometry/square_inclusions.hpp), and 1 elsewhere.
///
/// f is a smooth random field of deviation 1 with a length of its own. Faces take the harmonic mean
/// (problems/operators/darcy_solver.hpp).
#pragma once

#include <linnet/problems/operators/darcy_solver.hpp>
#include <linnet/problems/operators/field_sampler.hpp>
#include <linnet/problems/random/smooth_random_field.hpp>

namespace linnet::problems {

enum class DiffusionKind { lognormal, inclusions };

struct RandomDiffusionOptions {
  DiffusionKind kind = DiffusionKind::lognormal;
  int nodes = 33; ///< per direction, boundary included
  int stride = 1; ///< every how many-th node is kept
  double deviation = 1.0;
  double length = 0.2;        ///< of log k
  double source_length = 0.1; ///< of f
  double contrast = 1e4;      ///< largest k of an inclusion
  std::uint64_t seed = 0;
};

class RandomDiffusion final : public FieldSampler {
public:
  /// @throws core::Error (usage) for options out of their range.
  explicit RandomDiffusion(const RandomDiffusionOptions& options);
  /// Three fields of one channel: "coefficient", "source", "solution".
  [[nodiscard]] std::vector<SampledField> fields() const override;
  [[nodiscard]] core::Index3 points() const override;
  [[nodiscard]] std::string recipe() const override;
  void make(std::uint64_t number, FieldValues& values) override;

  /// k and f of sample @p number at all nodes, x fastest; with more nodes the same functions.
  [[nodiscard]] std::vector<double> coefficient(std::uint64_t number) const;
  [[nodiscard]] std::vector<double> source(std::uint64_t number) const;
  /// Matrix and right-hand side of sample @p number, without solving it.
  void assemble(std::uint64_t number) { solver_.assemble(coefficient(number), source(number)); }
  [[nodiscard]] const DarcySolver& solver() const { return solver_; }

private:
  RandomDiffusionOptions options_;
  SmoothRandomField log_coefficient_, source_;
  DarcySolver solver_;
};

} // namespace linnet::problems
