// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Functions at quadrature points whose integrals a reduced quadrature shall keep.
///
/// J has a row for each integrand and a column for each point; the columns stay on the ranks that
/// own the points. It is either stored or given by products, and then never made.
#pragma once

#include <linnet/core/petsc.hpp>

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace linnet::rom {

/// J on this rank's points. Nothing here communicates, except where said.
class Integrands {
public:
  virtual ~Integrands() = default;
  [[nodiscard]] virtual std::size_t size() const = 0;   ///< rows of J
  [[nodiscard]] virtual std::size_t points() const = 0; ///< columns of J on this rank
  /// values = J^T r: one number for each point of this rank.
  virtual void project(std::span<const double> r, std::span<double> values) const = 0;
  /// The column of one of this rank's points.
  virtual void column(std::size_t point, std::span<double> values) const = 0;
  /// Squared lengths of all columns of this rank.
  virtual void squared_norms(std::span<double> values) const = 0;
  /// b = J w with the points of this rank alone.
  virtual void integrate(std::span<const double> w, std::span<double> b) const = 0;
  /// Sum of squares, over this rank's points, of the integrand that a row of ones is measured by.
  [[nodiscard]] virtual double reference_square() const = 0;
  /// The same integrands at some points of this rank; copies what it needs.
  [[nodiscard]] virtual std::unique_ptr<Integrands>
  subset(std::span<const std::size_t> points) const = 0;
  /// Bytes that project() reads on this rank, and its operations.
  [[nodiscard]] virtual double bytes_per_sweep() const = 0;
  [[nodiscard]] virtual double flops_per_sweep() const = 0;
};

/// J stored: its transpose is a dense matrix, a row for each point, a column for each integrand.
/// The reference is the integrand with the largest sum of squares on all ranks.
class StoredIntegrands final : public Integrands {
public:
  /// References @p transposed. Collective.
  explicit StoredIntegrands(Mat transposed);
  ~StoredIntegrands() override;
  [[nodiscard]] std::size_t size() const override { return size_; }
  [[nodiscard]] std::size_t points() const override { return points_; }
  void project(std::span<const double> r, std::span<double> values) const override;
  void column(std::size_t point, std::span<double> values) const override;
  void squared_norms(std::span<double> values) const override;
  void integrate(std::span<const double> w, std::span<double> b) const override;
  [[nodiscard]] double reference_square() const override { return reference_; }
  [[nodiscard]] std::unique_ptr<Integrands>
  subset(std::span<const std::size_t> points) const override;
  [[nodiscard]] double bytes_per_sweep() const override;
  [[nodiscard]] double flops_per_sweep() const override;

private:
  StoredIntegrands(Mat transposed, double reference);
  std::size_t size_ = 0, points_ = 0, stride_ = 0;
  Mat matrix_ = nullptr;
  const double* data_ = nullptr;
  double reference_ = 0.0;
};

/// Products of two families of tensor fields, J[(i,k), g] = sum_c m_c E_i(g)_c S_k(g)_c: of mode
/// strains E_i and stresses S_k, say. Row i + n_E k of J. Only the fields are stored, so that J
/// with n_E n_S rows takes the memory of n_E + n_S fields. The reference is S_0.
class ProductIntegrands final : public Integrands {
public:
  /// @p left, @p right: dense, a column for each field, values of a point side by side: row
  /// components * point + c. References both. @p multiplicity: m_c; six components without factor 2
  /// on shears take {1, 1, 1, 2, 2, 2}. Not collective.
  ProductIntegrands(Mat left, Mat right, std::vector<double> multiplicity);
  ~ProductIntegrands() override;
  [[nodiscard]] std::size_t size() const override;
  [[nodiscard]] std::size_t points() const override { return points_; }
  void project(std::span<const double> r, std::span<double> values) const override;
  void column(std::size_t point, std::span<double> values) const override;
  void squared_norms(std::span<double> values) const override;
  void integrate(std::span<const double> w, std::span<double> b) const override;
  [[nodiscard]] double reference_square() const override { return reference_; }
  [[nodiscard]] std::unique_ptr<Integrands>
  subset(std::span<const std::size_t> points) const override;
  [[nodiscard]] double bytes_per_sweep() const override;
  [[nodiscard]] double flops_per_sweep() const override;

private:
  class Fields;
  ProductIntegrands(const ProductIntegrands& from, std::span<const std::size_t> points);
  std::unique_ptr<Fields> left_, right_;
  std::vector<double> multiplicity_;
  std::size_t points_ = 0;
  double reference_ = 0.0;
};

} // namespace linnet::rom
