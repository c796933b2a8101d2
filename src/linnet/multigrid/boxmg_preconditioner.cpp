// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/multigrid/boxmg_preconditioner.hpp>

#include <linnet/core/log.hpp>
#include <linnet/core/owned.hpp>
#include <linnet/kernels/copy.hpp>
#include <linnet/multigrid/memory_traffic.hpp>
#include <linnet/multigrid/noise.hpp>
#include <linnet/multigrid/trial_solve.hpp>
#include <linnet/multigrid/varying_anisotropy.hpp>

#include <petsc/private/petscimpl.h>

#include <cmath>
#include <utility>

namespace linnet::multigrid {

using kernels::Field;
using kernels::Range;

namespace {

MPI_Comm comm_of(Mat matrix) {
  MPI_Comm comm;
  LINNET_CHECK(PetscObjectGetComm(reinterpret_cast<PetscObject>(matrix), &comm));
  return comm;
}

double global_sum(double x, MPI_Comm comm) {
  MPI_Allreduce(MPI_IN_PLACE, &x, 1, MPI_DOUBLE, MPI_SUM, comm);
  return x;
}

} // namespace

BoxmgPreconditioner::BoxmgPreconditioner(Mat matrix, DM da, const grid::DeclaredGrid& declared,
                                         const BoxmgOptions& options,
                                         const ObstacleWeights& weights,
                                         const LearnedInterpolation& learned)
    : comm_(comm_of(matrix)), options_(options), weights_(weights), learned_(learned),
      map_(matrix, da, declared, "boxmg"), precision_(options.precision) {
  const int trained = learned.weights.dimension;
  if (!learned.weights.empty() && trained != map_.dimension())
    core::throw_usage("the model of the interpolation was trained on grids of " +
                      std::to_string(trained) + " dimensions, and this one has " +
                      std::to_string(map_.dimension()) + "; take another -pc_mgno_model, or none");
}

void BoxmgPreconditioner::update(Mat matrix) {
  ReadOperator read = read_operator(matrix, map_);
  ++updates_;
  // The cycles on stars are set up in the time of two iterations, and always anew.
  const bool may_reuse = options_.reuse == Reuse::automatic && kind_ == CycleKind::black_box;
  const bool has_precision = required_fp64_.empty() || precision_ == Precision::fp64;
  if (may_reuse && has_precision && reuse_.allows(read, comm_)) {
    ++reuses_;
    return;
  }
  set_up_for_ = {};
  set_up(read);
  if (uses_network() && learned_.fallback) compare_interpolations(matrix, read);
  set_up_for_ = values_of(matrix);
  if (options_.reuse == Reuse::automatic && kind_ == CycleKind::black_box) reuse_.refreshed(read);
}

BoxmgPreconditioner::MatrixValues BoxmgPreconditioner::values_of(Mat a) {
  const auto object = reinterpret_cast<PetscObject>(a);
  MatrixValues values;
  LINNET_CHECK(PetscObjectGetId(object, &values.id));
  LINNET_CHECK(PetscObjectStateGet(object, &values.state));
  return values;
}

void BoxmgPreconditioner::set_up(ReadOperator& read) {
  decoupled_rows_ = read.decoupled_rows;
  zero_rows_ = read.zero_rows;
  exponent_ = read.exponent;
  one_way_ = OneWayCouplings();
  inclusions_ = Inclusions();
  trial_rates_ = {};
  if (!wants_network_) cycle_ = std::monostate{};
  wants_network_ = true;
  const ConstantCouplings constant =
      may_use_stars(read) ? sample_constant(comm_, map_.partition(), read.a) : ConstantCouplings();
  if (constant.gaps && use_obstacles(read, constant)) return;
  const auto anisotropy = measure_anisotropy(comm_, map_.partition(), read.a);
  auto regions = find_varying_anisotropy(comm_, map_.partition(), read.a);
  if (regions.empty()) regions.push_back(anisotropy);
  plan_grids(read, regions, CoarsePoints::every_second);
  one_way_ = OneWayCouplings(comm_, map_, levels_.front().source_layout, read.one_way);
  if (use_mild(read)) return;
  // A sample may miss obstacles of a few cells.
  if (!constant.gaps && use_obstacles(read, constant)) return;
  plan_grids(read, regions, CoarsePoints::every_second);
  kind_ = CycleKind::black_box;
  // Lines and planes of strong coupling are the business of semicoarsening.
  if (!anisotropy.is_strong() && other_plans_.empty())
    inclusions_ =
        Inclusions(comm_, map_.partition(), levels_.front().source_layout, read.a, read.factor());
  contrast_ = std::max(inclusions_.local_contrast(), anisotropy.ratio());
  for (const auto& region : regions) contrast_ = std::max(contrast_, region.ratio());
  choose_precision(read);
}

// New values may use the full pattern for the first time, or ask for other coarse points: then the
// grids are built again. One hierarchy for each of the anisotropies that asks for its own.
void BoxmgPreconditioner::plan_grids(const ReadOperator& read,
                                     const std::vector<Anisotropy>& anisotropies,
                                     CoarsePoints points) {
  std::vector<std::vector<LevelPlan>> plans;
  for (const auto& anisotropy : anisotropies) {
    auto more = plan_levels(map_.partition(), read.a.pattern, options_, anisotropy, points);
    if (plans.empty() || !same_coarsening(more, plans.front())) plans.push_back(std::move(more));
  }
  const std::vector<std::vector<LevelPlan>> others(plans.begin() + 1, plans.end());
  if (same_coarsening(plans.front(), plans_) &&
      std::equal(others.begin(), others.end(), other_plans_.begin(), other_plans_.end(),
                 same_coarsening))
    return;
  cycle_ = std::monostate{};
  plans_ = std::move(plans.front());
  other_plans_ = others;
  levels_ = build_levels(comm_, plans_);
}

bool BoxmgPreconditioner::may_use_stars(const ReadOperator& read) const {
  int couples_one_way = read.one_way.empty() ? 0 : 1;
  MPI_Allreduce(MPI_IN_PLACE, &couples_one_way, 1, MPI_INT, MPI_MAX, comm_);
  return options_.coarse == CoarseOperators::automatic && couples_one_way == 0;
}

// Constant coefficients around obstacles.
bool BoxmgPreconditioner::use_obstacles(const ReadOperator& read,
                                        const ConstantCouplings& constant) {
  if (!constant.holds) return false;
  plan_grids(read, {Anisotropy()}, CoarsePoints::aggregates);
  if (!StarCycle<float>::suits(plans_, options_)) return false;
  return use_stars(CycleKind::obstacles, {read.a, read.factor(), constant.value},
                   [&]<class T>(T) -> std::unique_ptr<StarCycle<T>> {
                     return std::make_unique<ObstacleCycle<T>>(comm_, levels_, options_, weights_);
                   });
}

// Coefficients that vary mildly everywhere.
bool BoxmgPreconditioner::use_mild(const ReadOperator& read) {
  if (!other_plans_.empty() || !may_use_stars(read) || !StarCycle<float>::suits(plans_, options_) ||
      read.decoupled_rows > 0 || read.zero_rows > 0)
    return false;
  // A cycle that is there finds out by itself.
  const bool has_cycle =
      kind_ == CycleKind::mild && !std::holds_alternative<std::monostate>(cycle_);
  int mild = has_cycle || MildCycle<float>::suits(read.a) ? 1 : 0;
  MPI_Allreduce(MPI_IN_PLACE, &mild, 1, MPI_INT, MPI_MIN, comm_);
  return mild == 1 && use_stars(CycleKind::mild, {read.a, read.factor()},
                                [&]<class T>(T) -> std::unique_ptr<StarCycle<T>> {
                                  return std::make_unique<MildCycle<T>>(levels_);
                                });
}

template <class Make>
bool BoxmgPreconditioner::use_stars(CycleKind kind, const FinestStar& finest, const Make& make) {
  const auto update = [&]<class T>(T precision) {
    auto* cycle = std::get_if<std::unique_ptr<StarCycle<T>>>(&cycle_);
    if (!cycle) {
      cycle_ = make(precision);
      cycle = std::get_if<std::unique_ptr<StarCycle<T>>>(&cycle_);
    }
    return (*cycle)->update(finest);
  };
  fallback_reason_ = options_.precision == Precision::fp32 ? required_fp64_ : "";
  precision_ = fallback_reason_.empty() ? options_.precision : Precision::fp64;
  int fits = (precision_ == Precision::fp32 ? update(float{}) : update(double{})) ? 1 : 0;
  MPI_Allreduce(MPI_IN_PLACE, &fits, 1, MPI_INT, MPI_MIN, comm_);
  if (fits == 1) kind_ = kind;
  return fits == 1;
}

// With u of order one, rounding to fp32 leaves errors of 1e-7 times the largest couplings in the
// fluxes through the smallest ones beside them.
void BoxmgPreconditioner::choose_precision(const ReadOperator& read) {
  constexpr double most_contrast = 1e9;
  fallback_reason_ = options_.precision == Precision::fp32 ? required_fp64_ : "";
  if (fallback_reason_.empty() && options_.precision == Precision::fp32 &&
      contrast_ > most_contrast)
    fallback_reason_ = "neighbouring couplings differ by more than 1e9";
  use(fallback_reason_.empty() ? options_.precision : Precision::fp64, read);
  // Then fluxes through the weakest couplings keep two digits beside the strongest ones.
  constexpr double safe_contrast = 1e5;
  if (precision_ == Precision::fp64 || inclusions_.contrast() <= safe_contrast ||
      probe_is_symmetric_and_positive())
    return;
  use(Precision::fp64, read);
  fallback_reason_ = "rounding in fp32 spoils the symmetry of the cycle for these coefficients";
}

void BoxmgPreconditioner::use(Precision precision, const ReadOperator& read) {
  precision_ = precision;
  if (precision == Precision::fp32)
    update_cycle<float>(read);
  else
    update_cycle<double>(read);
}

template <class T>
void BoxmgPreconditioner::update_cycle(const ReadOperator& read) {
  const auto update = [&](auto kind, const auto& make) {
    auto* cycle = std::get_if<decltype(kind)>(&cycle_);
    if (!cycle) {
      cycle_ = make();
      cycle = std::get_if<decltype(kind)>(&cycle_);
    }
    (*cycle)->update(read.a, read.factor());
  };
  if (other_plans_.empty())
    update(std::unique_ptr<Cycle<T>>{}, [&] {
      CycleWeights weights;
      if (may_use_network()) weights.network = learned_.weights.values;
      return std::make_unique<Cycle<T>>(levels_, options_, false, weights);
    });
  else
    update(std::unique_ptr<RegionalCycles<T>>{}, [&] {
      return std::make_unique<RegionalCycles<T>>(comm_, map_.partition(), levels_, other_plans_,
                                                 options_);
    });
}

// One cycle on each of two random vectors. In exact arithmetic x.By = y.Bx and x.Bx > 0; the
// difference shows how far rounding in the cycle has eaten into the coefficients.
bool BoxmgPreconditioner::probe_is_symmetric_and_positive() {
  Field<float>&x = field(true), &y = field(false);
  const auto apply = [&] {
    std::visit(
        [](auto& cycle) {
          if constexpr (requires { cycle->apply(); }) cycle->apply();
        },
        cycle_);
  };
  // The vectors are made anew where they are needed, in the place of the right-hand side: no
  // memory.
  const auto take = [&](std::uint64_t vector) {
    fill_with_noise(map_.box(), map_.partition().points(), vector, x);
  };
  const auto times_output = [&] { return global_sum(kernels::dot(x, y), comm_); };
  take(0);
  apply();
  take(0);
  const double xx = times_output();
  take(1);
  const double yx = times_output();
  apply();
  take(1);
  const double yy = times_output();
  take(0);
  const double xy = times_output();
  // Below 1e-6 fp32 cost at most a quarter more iterations than fp64 (fractal two-phase media of
  // contrast 1e8), less than it saves per iteration.
  constexpr double tolerance = 1e-6;
  return std::isfinite(xx + yy + xy + yx) && xx >= 0.0 && yy >= 0.0 &&
         std::abs(xy - yx) <= tolerance * std::sqrt(xx * yy);
}

// Several hierarchies share the work, and the network has not been trained for that.
bool BoxmgPreconditioner::may_use_network() const {
  return wants_network_ && !learned_.weights.empty() && other_plans_.empty();
}

bool BoxmgPreconditioner::uses_network() const {
  return kind_ == CycleKind::black_box && may_use_network();
}

// Both hierarchies live for a while. The network must save one step in twenty: less may be chance,
// and turn into loss in the steps that follow.
void BoxmgPreconditioner::compare_interpolations(Mat matrix, const ReadOperator& read) {
  trial_rates_[0] = trial_rate(matrix);
  auto learned = std::exchange(cycle_, std::monostate{});
  const Precision precision = precision_;
  const std::string reason = fallback_reason_;
  wants_network_ = false;
  choose_precision(read); // of a cycle of its own
  trial_rates_[1] = trial_rate(matrix);
  constexpr double least_gain = 1.05;
  if (trial_rates_[0] > std::pow(trial_rates_[1], least_gain)) return;
  cycle_ = std::move(learned);
  precision_ = precision;
  fallback_reason_ = reason;
  wants_network_ = true;
}

double BoxmgPreconditioner::trial_rate(Mat matrix) {
  constexpr int steps = 8;
  const Field<float> noise("linnet::multigrid::noise", levels_.front().source_layout);
  fill_with_noise(map_.box(), map_.partition().points(), 0, noise);
  Vec start;
  LINNET_CHECK(MatCreateVecs(matrix, &start, nullptr));
  const core::Owned<Vec> owner(start);
  map_.from_box(noise, start, 1.0);
  return multigrid::trial_rate(
      matrix, [this](Vec x, Vec y) { apply(x, y); }, start, steps);
}

void BoxmgPreconditioner::apply(Vec x, Vec y) {
  std::visit(
      [&](auto& cycle) {
        if constexpr (!std::is_same_v<std::decay_t<decltype(cycle)>, std::monostate>)
          apply_cycle(*cycle, x, y);
      },
      cycle_);
}

template <class SomeCycle>
void BoxmgPreconditioner::apply_cycle(SomeCycle& cycle, Vec x, Vec y) {
  // The norm is usually at hand: CG has just computed it, and the Vec remembers it.
  PetscReal norm;
  LINNET_CHECK(VecNorm(x, NORM_2, &norm));
  if (!(norm > 0.0) || !std::isfinite(norm)) {
    LINNET_CHECK(VecCopy(x, y));
    return;
  }
  const int size = std::ilogb(norm);
  map_.to_box(x, cycle.input(), std::ldexp(1.0, -size));
  apply_fields(cycle);
  map_.from_box(cycle.output(), y, std::ldexp(1.0, size - exponent_));
}

template <class SomeCycle>
void BoxmgPreconditioner::apply_fields(SomeCycle& cycle) {
  ++applications_;
  one_way_.eliminate(cycle.input());
  inclusions_.before(cycle.input());
  cycle.apply();
  inclusions_.after(cycle.output());
}

bool BoxmgPreconditioner::takes_fields() const {
  return map_.has_da() && precision_ == Precision::fp32;
}

const Field<float>& BoxmgPreconditioner::input() { return field(true); }

const Field<float>& BoxmgPreconditioner::output() { return field(false); }

// Right-hand side or result of the cycle, which is one in single precision.
Field<float>& BoxmgPreconditioner::field(bool input) {
  return std::visit(
      [input](auto& cycle) -> Field<float>& {
        if constexpr (requires { static_cast<Field<float>&>(cycle->input()); })
          return input ? cycle->input() : cycle->output();
        else
          throw core::Error(core::ExitCode::internal, "boxmg: no cycle in single precision");
      },
      cycle_);
}

std::vector<Field<float>> BoxmgPreconditioner::couplings() {
  std::vector<Field<float>> result;
  std::visit(
      [&](auto& cycle) {
        if constexpr (requires { result = cycle->couplings(); }) result = cycle->couplings();
      },
      cycle_);
  return result;
}

const kernels::CodedStar<float>* BoxmgPreconditioner::coded_star() {
  const auto* cycle = std::get_if<std::unique_ptr<StarCycle<float>>>(&cycle_);
  return cycle ? (*cycle)->coded_star() : nullptr;
}

bool BoxmgPreconditioner::keeps_input() const {
  const bool cycle_keeps = std::visit(
      [](const auto& cycle) {
        if constexpr (requires { cycle->keeps_input(); })
          return cycle->keeps_input();
        else
          return false;
      },
      cycle_);
  return cycle_keeps && one_way_.empty() && inclusions_.count() == 0;
}

double BoxmgPreconditioner::output_factor() const { return std::ldexp(1.0, -exponent_); }

kernels::RowSpans BoxmgPreconditioner::occupied() {
  kernels::RowSpans spans;
  std::visit(
      [&](const auto& cycle) {
        if constexpr (requires { cycle->occupied(); }) spans = cycle->occupied();
      },
      cycle_);
  return spans;
}

void BoxmgPreconditioner::apply_to_fields(bool within_occupied) {
  LINNET_CHECK(PetscLogEventBegin(core::events().boxmg_apply, nullptr, nullptr, nullptr, nullptr));
  std::visit(
      [&](auto& cycle) {
        constexpr bool can_leave_out = requires { cycle->solve_within_occupied(true); };
        if constexpr (can_leave_out) cycle->solve_within_occupied(within_occupied);
        if constexpr (requires { cycle->apply(); }) apply_fields(*cycle);
        if constexpr (can_leave_out) cycle->solve_within_occupied(false);
      },
      cycle_);
  LINNET_CHECK(PetscLogEventEnd(core::events().boxmg_apply, nullptr, nullptr, nullptr, nullptr));
}

std::vector<bool> BoxmgPreconditioner::m_matrix_levels() const {
  std::vector<bool> flags;
  std::visit(
      [&](const auto& cycle) {
        if constexpr (requires { cycle->levels(); })
          for (const auto& level : cycle->levels()) flags.push_back(level.m_matrix);
      },
      cycle_);
  return flags;
}

std::vector<bool> BoxmgPreconditioner::adapted_levels() const {
  std::vector<bool> flags;
  std::visit(
      [&](const auto& cycle) {
        if constexpr (requires { cycle->levels().front().adapted; })
          for (const auto& level : cycle->levels()) flags.push_back(level.adapted != nullptr);
      },
      cycle_);
  return flags;
}

std::pair<int, int> BoxmgPreconditioner::direct_size_and_rank() const {
  std::pair<int, int> result{-1, -1};
  std::visit(
      [&](const auto& cycle) {
        if constexpr (!std::is_same_v<std::decay_t<decltype(cycle)>, std::monostate>)
          if (!levels_.empty() && levels_.back().active && levels_.back().is_direct())
            result = {cycle->direct_solver().size(), cycle->direct_solver().rank()};
      },
      cycle_);
  return result;
}

double BoxmgPreconditioner::memory() const {
  double bytes = 0.0;
  std::visit(
      [&](const auto& cycle) {
        if constexpr (!std::is_same_v<std::decay_t<decltype(cycle)>, std::monostate>)
          bytes = cycle->memory();
      },
      cycle_);
  return bytes;
}

double BoxmgPreconditioner::bytes_per_point() const {
  const int value = precision_ == Precision::fp32 ? 4 : 8;
  if (kind_ == CycleKind::mild) return mild_cycle_traffic(plans_, value);
  if (kind_ == CycleKind::obstacles) return obstacle_cycle_traffic(plans_, options_, value);
  std::vector<std::vector<bool>> adapted(1 + other_plans_.size());
  std::visit(
      [&](const auto& cycle) {
        if constexpr (requires { cycle->adapted_levels(); }) adapted = cycle->adapted_levels();
      },
      cycle_);
  std::vector<double> cycles{cycle_traffic(plans_, options_, adapted[0], value)};
  for (std::size_t c = 0; c < other_plans_.size(); ++c)
    cycles.push_back(cycle_traffic(other_plans_[c], options_, adapted[c + 1], value));
  return cycles.size() == 1 ? cycles[0] : regional_traffic(cycles, plans_.front().pattern, value);
}

} // namespace linnet::multigrid
