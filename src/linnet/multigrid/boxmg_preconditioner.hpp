// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// The BoxMG preconditioner of a matrix: grid, operator and cycle together, in the precision that
/// holds.
#pragma once

#include <linnet/grid/field_preconditioner.hpp>
#include <linnet/multigrid/constant_couplings.hpp>
#include <linnet/multigrid/cycle.hpp>
#include <linnet/multigrid/inclusions.hpp>
#include <linnet/multigrid/interpolation_weights.hpp>
#include <linnet/multigrid/mild_cycle.hpp>
#include <linnet/multigrid/obstacle_cycle.hpp>
#include <linnet/multigrid/operator_reader.hpp>
#include <linnet/multigrid/regional_cycles.hpp>
#include <linnet/multigrid/reuse_rule.hpp>

#include <array>
#include <memory>
#include <string>
#include <variant>

namespace linnet::multigrid {

/// The cycle that the coefficients called for.
enum class CycleKind { black_box, mild, obstacles };

class BoxmgPreconditioner final : public grid::FieldPreconditioner {
public:
  /// Builds grids and storage. Collective; throws core::Error on all ranks.
  /// @p weights, not ones to refuse, are those of the cycle around obstacles, @p learned those of
  /// the interpolation of black-box multigrid on one hierarchy.
  BoxmgPreconditioner(Mat matrix, DM da, const grid::DeclaredGrid& declared,
                      const BoxmgOptions& options, const ObstacleWeights& weights = {},
                      const LearnedInterpolation& learned = {});

  /// Takes over new values of @p matrix, whose size, pattern and distribution are as before; or
  /// keeps the hierarchy of the old ones, if the options allow that and it pays. Collective; throws
  /// core::Error on all ranks.
  void update(Mat matrix);
  /// From the next update on the cycle runs in fp64, whatever the options say; @p reason for the
  /// view.
  void require_fp64(const std::string& reason) { required_fp64_ = reason; }
  /// A Krylov method has used it.
  void solved(int iterations, bool converged) { reuse_.solved(iterations, converged); }
  /// y = B x. Collective.
  void apply(Vec x, Vec y);

  /// True if fields in single precision may take the place of Vecs; then the functions below serve.
  [[nodiscard]] bool takes_fields() const;
  [[nodiscard]] const kernels::Field<float>& input() override;
  [[nodiscard]] const kernels::Field<float>& output() override;
  [[nodiscard]] double output_factor() const override;
  [[nodiscard]] kernels::RowSpans occupied() override;
  [[nodiscard]] bool is_set_up_for(Mat a) override { return set_up_for_ == values_of(a); }
  [[nodiscard]] std::vector<kernels::Field<float>> couplings() override;
  [[nodiscard]] const kernels::CodedStar<float>* coded_star() override;
  [[nodiscard]] bool keeps_input() const override;
  void apply() override { apply_to_fields(false); }
  void apply_within_occupied() override { apply_to_fields(true); }
  [[nodiscard]] std::int64_t applications() const override { return applications_; }

  [[nodiscard]] const grid::GridMap& map() const { return map_; }
  [[nodiscard]] const std::vector<GridLevel>& levels() const { return levels_; }
  [[nodiscard]] const std::vector<LevelPlan>& plans() const { return plans_; }
  /// Those of further hierarchies, where the anisotropy varies within the domain.
  [[nodiscard]] const std::vector<std::vector<LevelPlan>>& other_plans() const {
    return other_plans_;
  }
  [[nodiscard]] Precision precision() const { return precision_; }
  /// Why the precision is not the one that was asked for; empty if it is.
  [[nodiscard]] const std::string& fallback_reason() const { return fallback_reason_; }
  [[nodiscard]] std::int64_t decoupled_rows() const { return decoupled_rows_; }
  /// Rows without entries.
  [[nodiscard]] std::int64_t zero_rows() const { return zero_rows_; }
  /// Small inclusions of strong coupling whose means are corrected.
  [[nodiscard]] std::int64_t inclusions() const { return inclusions_.count(); }
  /// How often new values were given, and how often the hierarchy of older ones was kept.
  [[nodiscard]] int updates() const { return updates_; }
  [[nodiscard]] int reuses() const { return reuses_; }
  [[nodiscard]] CycleKind kind() const { return kind_; }
  /// Levels whose operator is an M-matrix; levels[l] exists where this rank takes part.
  [[nodiscard]] std::vector<bool> m_matrix_levels() const;
  /// Levels whose smoother follows strong couplings that are not aligned with the grid.
  [[nodiscard]] std::vector<bool> adapted_levels() const;
  /// Unknowns and rank of the direct solver; -1 on ranks that do not have it.
  [[nodiscard]] std::pair<int, int> direct_size_and_rank() const;
  /// Whether a network shifts the interpolation.
  [[nodiscard]] bool uses_network() const;
  /// Mean reduction of the residual per step of CG in the set-up, with the network and without it;
  /// 0 where they were not compared.
  [[nodiscard]] const std::array<double, 2>& trial_rates() const { return trial_rates_; }
  /// Bytes of the hierarchy on this rank.
  [[nodiscard]] double memory() const;
  /// Bytes per point of the grid that one application moves, counted (memory_traffic.hpp).
  [[nodiscard]] double bytes_per_point() const;

private:
  /// Which matrix, and which of its values in the course of time. As built: none, for ids begin
  /// at 1.
  struct MatrixValues {
    PetscObjectId id = 0;
    PetscObjectState state = 0;
    bool operator==(const MatrixValues&) const = default;
  };
  static MatrixValues values_of(Mat a);

  void set_up(ReadOperator& read);
  void apply_to_fields(bool within_occupied);
  void plan_grids(const ReadOperator& read, const std::vector<Anisotropy>& anisotropies,
                  CoarsePoints points);
  void choose_precision(const ReadOperator& read);
  void use(Precision precision, const ReadOperator& read);
  template <class T>
  void update_cycle(const ReadOperator& read);
  kernels::Field<float>& field(bool input);
  bool may_use_stars(const ReadOperator& read) const;
  bool use_obstacles(const ReadOperator& read, const ConstantCouplings& constant);
  bool use_mild(const ReadOperator& read);
  template <class Make>
  bool use_stars(CycleKind kind, const FinestStar& finest, const Make& make);
  bool probe_is_symmetric_and_positive();
  [[nodiscard]] bool may_use_network() const;
  void compare_interpolations(Mat matrix, const ReadOperator& read);
  double trial_rate(Mat matrix);
  template <class SomeCycle>
  void apply_cycle(SomeCycle& cycle, Vec x, Vec y);
  template <class SomeCycle>
  void apply_fields(SomeCycle& cycle);

  MPI_Comm comm_ = MPI_COMM_NULL; // of the matrix; not owned
  BoxmgOptions options_;
  ObstacleWeights weights_;
  LearnedInterpolation learned_;
  bool wants_network_ = true; // until it has lost a comparison
  std::array<double, 2> trial_rates_{};
  grid::GridMap map_;
  std::vector<LevelPlan> plans_;
  std::vector<std::vector<LevelPlan>> other_plans_;
  std::vector<GridLevel> levels_;
  std::variant<std::monostate, std::unique_ptr<StarCycle<float>>,
               std::unique_ptr<StarCycle<double>>, std::unique_ptr<Cycle<float>>,
               std::unique_ptr<Cycle<double>>, std::unique_ptr<RegionalCycles<float>>,
               std::unique_ptr<RegionalCycles<double>>>
      cycle_;
  CycleKind kind_ = CycleKind::black_box;
  MatrixValues set_up_for_; // what the cycle knows
  ReuseRule reuse_;
  int updates_ = 0, reuses_ = 0;
  std::int64_t applications_ = 0;
  OneWayCouplings one_way_;
  Inclusions inclusions_;
  Precision precision_ = Precision::fp32;
  std::string required_fp64_; // why; empty if it is not required
  std::string fallback_reason_;
  double contrast_ = 1.0; ///< of neighbouring couplings
  std::int64_t decoupled_rows_ = 0;
  std::int64_t zero_rows_ = 0;
  int exponent_ = 0; // the cycle works on 2^-exponent A
};

} // namespace linnet::multigrid
