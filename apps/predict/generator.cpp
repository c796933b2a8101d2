// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include "field_source.hpp"

#include <linnet/core/agreement.hpp>
#include <linnet/core/error.hpp>
#include <linnet/problems/operators/helmholtz_samples.hpp>
#include <linnet/problems/operators/navier_stokes_samples.hpp>
#include <linnet/problems/operators/trigonometric_darcy.hpp>
#include <linnet/problems/operators/two_phase_darcy.hpp>

namespace app {

using linnet::core::AppContext;
using linnet::core::Options;
using namespace linnet::problems;

namespace {

/// The published family with the grid, stride and seed that are given.
template <class Family, int Family::*Points>
Family family_of(const Options& options, Family family) {
  if (options.is_set("-predict_solve_grid"))
    family.*Points = options.integer("-predict_solve_grid");
  if (options.is_set("-predict_stride")) family.stride = options.integer("-predict_stride");
  family.seed = static_cast<std::uint64_t>(options.integer64("-predict_seed"));
  return family;
}

} // namespace

std::unique_ptr<FieldSampler> field_sampler(const Options& options) {
  using Darcy = TwoPhaseDarcyOptions;
  using Trigonometric = TrigonometricDarcyOptions;
  const std::string kind = options.choice("-predict_data");
  if (kind == "darcy_smooth")
    return std::make_unique<TwoPhaseDarcy>(family_of<Darcy, &Darcy::nodes>(options, {}));
  if (kind == "darcy_rough")
    return std::make_unique<TwoPhaseDarcy>(family_of<Darcy, &Darcy::nodes>(options, rough_darcy()));
  if (kind == "darcy_multiscale")
    return std::make_unique<TrigonometricDarcy>(
        family_of<Trigonometric, &Trigonometric::nodes>(options, {}));
  if (kind == "helmholtz")
    return std::make_unique<HelmholtzSamples>(
        family_of<HelmholtzOptions, &HelmholtzOptions::nodes>(options, {}));
  NavierStokesOptions flow =
      family_of<NavierStokesOptions, &NavierStokesOptions::points>(options, {});
  // No more frames than are compared with.
  flow.frames = options.integer("-predict_steps");
  return std::make_unique<NavierStokesSamples>(flow);
}

namespace {

/// The first rank makes a sample and deals it out.
class Generator final : public FieldSource {
public:
  explicit Generator(const AppContext& context) : FieldSource(context) {
    linnet::core::together(context.comm(), [&] { sampler_ = field_sampler(context.options()); });
  }
  [[nodiscard]] linnet::core::Index3 points() const override { return sampler_->points(); }
  [[nodiscard]] std::string recipe() const override { return sampler_->recipe(); }
  void select(std::int64_t sample) override {
    double seconds = 0.0;
    linnet::core::on_first_rank(context().comm(), [&] {
      const double begin = MPI_Wtime();
      sampler_->make(static_cast<std::uint64_t>(sample), values_);
      seconds = MPI_Wtime() - begin;
    });
    MPI_Bcast(&seconds, 1, MPI_DOUBLE, 0, context().comm());
    seconds_ = seconds;
  }
  [[nodiscard]] double seconds() const override { return seconds_; }

private:
  [[nodiscard]] int channels(const std::string& field) const override {
    for (const SampledField& f : sampler_->fields())
      if (f.name == field) return f.channels;
    return 0;
  }
  std::vector<double> part(const std::string& field, int first, int count,
                           FieldParts& parts) override {
    std::span<const double> whole;
    if (context().rank() == 0) {
      std::size_t number = 0;
      while (sampler_->fields()[number].name != field) ++number;
      const auto channel = static_cast<std::size_t>(linnet::core::volume(points()));
      whole = std::span<const double>(values_[number])
                  .subspan(channel * static_cast<std::size_t>(first),
                           channel * static_cast<std::size_t>(count));
    }
    return parts.scatter(whole, count);
  }

  std::unique_ptr<FieldSampler> sampler_;
  FieldValues values_; ///< on the first rank
  double seconds_ = 0.0;
};

} // namespace

std::unique_ptr<FieldSource> generator(const AppContext& context) {
  return std::make_unique<Generator>(context);
}

} // namespace app
