// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include "random_medium.hpp"

#include <linnet/core/random.hpp>
#include <linnet/grid/mat_stencil.hpp>
#include <linnet/kernels/copy.hpp>
#include <linnet/multigrid/operator_reader.hpp>
#include <linnet/problems/cells/cell_array.hpp>
#include <linnet/problems/diffusion/diffusion_matrix.hpp>
#include <linnet/problems/diffusion/medium.hpp>

#include <algorithm>
#include <cmath>
#include <sstream>

namespace app {

using linnet::core::Owned;
using linnet::core::RandomStream;
using namespace linnet::problems;

namespace {

const char* const white_noise = "white_noise";
// Apart from the streams of the media themselves.
constexpr std::uint64_t draw_stream = std::uint64_t{9} << 56;
constexpr std::uint64_t noise_stream = std::uint64_t{10} << 56;

double between(double low, double high, double u) { return low + (high - low) * u; }
double log_between(double low, double high, double u) { return low * std::pow(high / low, u); }

MediumOptions draw_medium(const MediaOptions& options, const std::string& kind, double contrast,
                          std::int64_t number, const RandomStream& draw) {
  MediumOptions medium;
  medium.kind = medium_kind(kind);
  medium.contrast = contrast;
  medium.seed = options.seed;
  medium.sample = static_cast<std::uint64_t>(number);
  medium.alpha = between(2.0, 3.0, draw.uniform(2));
  medium.tau = log_between(3.0, 40.0, draw.uniform(3));
  medium.deviation = std::log(contrast) / 4.0; // four of them between small and large values
  medium.channels = 2 + static_cast<int>(6 * draw.uniform(4));
  medium.channel_width = between(0.03, 0.1, draw.uniform(5));
  const int grain = 1 + static_cast<int>(5 * draw.uniform(6));
  for (std::size_t d = 0; d < 3; ++d) medium.blocks[d] = std::max(1, options.cells[d] / grain);
  return medium;
}

/// The contrast to a power that is uniform in (0,1), for every block of @p grain cells.
void fill_white_noise(DM cells, double contrast, int grain, std::uint64_t seed, std::int64_t number,
                      Vec kappa) {
  const RandomStream noise(seed, noise_stream + static_cast<std::uint64_t>(number));
  const auto box = owned_cells(cells);
  const CellArray values(kappa, box, linnet::grid::Access::read_write);
  visit_cells(box, [&](int i, int j, int k) {
    const std::int64_t block =
        i / grain + 4096 * (j / grain + 4096 * static_cast<std::int64_t>(k / grain));
    values(i, j, k) = std::pow(contrast, noise.uniform(static_cast<std::uint64_t>(block)));
  });
}

} // namespace

MediaOptions media_options(const linnet::core::Options& options) {
  MediaOptions media;
  media.dim = options.integer("-train_dim");
  media.cells = options.integers_per_direction("-train_grid", media.dim, 1);
  media.kinds = options.strings("-train_media");
  media.most_contrast = options.real("-train_contrast");
  media.seed = static_cast<std::uint64_t>(options.integer64("-train_seed"));
  for (const std::string& kind : media.kinds) {
    const char* const fitting[] = {white_noise, "lognormal", "two_phase", "checkerboard",
                                   "channels"};
    if (std::find(std::begin(fitting), std::end(fitting), kind) == std::end(fitting))
      options.fail("-train_media", "must be of white_noise, lognormal, two_phase, checkerboard and "
                                   "channels, got " +
                                       kind);
  }
  for (int d = 0; d < media.dim; ++d)
    if (media.cells[static_cast<std::size_t>(d)] < 8)
      options.fail("-train_grid", "must have at least 8 cells per direction");
  return media;
}

RandomMedium::RandomMedium(const MediaOptions& options, std::int64_t number) {
  const RandomStream draw(options.seed, draw_stream + static_cast<std::uint64_t>(number));
  DiffusionModel model;
  model.grid.dim = options.dim;
  model.grid.cells = options.cells;
  grid_.reset(create_cell_dm(PETSC_COMM_SELF, model.grid, false));
  kind_ = options.kinds[static_cast<std::size_t>(draw.uniform(0) *
                                                 static_cast<double>(options.kinds.size()))];
  contrast_ = log_between(10.0, options.most_contrast, draw.uniform(1));
  // One wall at least fixes the value.
  for (std::size_t face = 1; face < model.boundary.size(); ++face)
    if (draw.uniform(8 + face) < 0.3) model.boundary[face].kind = BoundaryKind::neumann;
  const Owned<Vec> kappa = make_cell_vector(grid_.get(), "kappa");
  if (kind_ == white_noise)
    fill_white_noise(grid_.get(), contrast_, 1 + static_cast<int>(1.5 * draw.uniform(7)),
                     options.seed, number, kappa.get());
  else
    LINNET_CHECK(fill_medium(grid_.get(), model.grid.domain,
                             draw_medium(options, kind_, contrast_, number, draw), kappa.get()));
  system_ = std::make_unique<DiffusionSystem>(grid_.get(), model);
  system_->assemble(kappa.get(), nullptr, 0.0);
}

Owned<Mat> RandomMedium::matrix() const {
  Mat matrix = nullptr;
  LINNET_CHECK(DMSetMatType(grid_.get(), MATSTENCIL));
  LINNET_CHECK(DMCreateMatrix(grid_.get(), &matrix));
  Owned<Mat> owner(matrix);
  set_matrix(*system_, false, matrix);
  return owner;
}

linnet::kernels::StencilOperator<double> RandomMedium::stencil() const {
  const Owned<Mat> a = matrix();
  linnet::grid::GridMap map(a.get(), grid_.get(), {}, "train");
  const auto read = linnet::multigrid::read_operator(a.get(), map);
  // Those values are the matrix's own.
  auto copy = linnet::kernels::make_operator<double>(read.a.pattern, read.a.layout());
  const auto owned = linnet::kernels::Range::box(copy.layout().n);
  for (std::size_t m = 0; m < copy.couplings.size(); ++m)
    linnet::kernels::copy_scaled(read.a.couplings[m], copy.couplings[m], owned, read.factor());
  linnet::kernels::copy_scaled(read.a.row_sum, copy.row_sum, owned, read.factor());
  return copy;
}

} // namespace app
