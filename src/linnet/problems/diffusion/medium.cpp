// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/problems/diffusion/medium.hpp>

#include <linnet/core/log.hpp>
#include <linnet/core/random.hpp>
#include <linnet/problems/cells/cell_values.hpp>
#include <linnet/problems/geometry/channels.hpp>
#include <linnet/problems/geometry/square_inclusions.hpp>
#include <linnet/problems/random/random_field.hpp>

#include <cmath>
#include <numbers>
#include <sstream>
#include <utility>

namespace linnet::problems {

namespace {

constexpr std::pair<const char*, MediumKind> kinds[] = {
    {"constant", MediumKind::constant},         {"lognormal", MediumKind::lognormal},
    {"two_phase", MediumKind::two_phase},       {"darcy", MediumKind::darcy},
    {"checkerboard", MediumKind::checkerboard}, {"inclusions", MediumKind::inclusions},
    {"channels", MediumKind::channels},         {"anisotropic", MediumKind::anisotropic},
    {"rotated", MediumKind::rotated},           {"file", MediumKind::file},
};

// Apart from the streams of other media.
constexpr std::uint64_t inclusion_stream = std::uint64_t{14} << 56;

void require_range(const char* option, double value, double least, double most) {
  if (value >= least && value <= most) return; // false for NaN
  std::ostringstream message;
  message << '-' << option << " = " << value << " is out of range; allowed: " << least << " to "
          << most;
  core::throw_usage(message.str());
}

constexpr double huge_conductivity = 1.0e100;
constexpr double tiny_conductivity = 1.0e-100;

void require_conductivity(const char* option, double value) {
  require_range(option, value, tiny_conductivity, huge_conductivity);
}

bool uses_field(MediumKind kind) {
  return kind == MediumKind::lognormal || kind == MediumKind::two_phase ||
         kind == MediumKind::darcy;
}

core::Real3 lengths_of(const Domain& domain) {
  return {domain.length(0), domain.length(1), domain.length(2)};
}

RandomFieldOptions field_options(const MediumOptions& o) {
  return {o.alpha, o.tau, o.seed, o.sample};
}

/// Replaces the random field in @p kappa by @p of(value).
template <class Function>
void map_cells(const CellGrid& grid, Vec kappa, Function of) {
  CellValues v(kappa);
  const auto cells = static_cast<std::ptrdiff_t>(grid.box.size());
  for (std::ptrdiff_t c = 0; c < cells; ++c) v[c] = of(v[c]);
}

void fill_from_field(DM cells, const CellGrid& grid, const Domain& domain, const MediumOptions& o,
                     Vec kappa) {
  const auto lengths = lengths_of(domain);
  const auto field = field_options(o);
  double log_scale = 0.0;
  if (o.kind == MediumKind::lognormal)
    log_scale = o.deviation / random_field_deviation(grid.dim, lengths, field);
  LINNET_CHECK(fill_random_field(cells, lengths, field, kappa));
  if (o.kind == MediumKind::lognormal) {
    map_cells(grid, kappa, [&](double g) { return o.background * std::exp(log_scale * g); });
    return;
  }
  const bool darcy = o.kind == MediumKind::darcy;
  const double low = darcy ? o.phases[0] : o.background;
  const double high = darcy ? o.phases[1] : o.background * o.contrast;
  map_cells(grid, kappa, [&](double g) { return g >= 0.0 ? high : low; });
}

void fill_checkerboard(const CellGrid& grid, const MediumOptions& o, Vec kappa) {
  for (int d = 0; d < grid.dim; ++d)
    if (o.blocks[d] > grid.cells[d]) {
      std::ostringstream message;
      message << "-diffusion_medium_blocks: " << o.blocks[d] << " blocks in direction "
              << "xyz"[d] << " of a grid with " << grid.cells[d]
              << " cells; allowed: at most one block per cell";
      core::throw_usage(message.str());
    }
  const auto block = [&](int d, int i) {
    return d < grid.dim ? static_cast<int>(std::int64_t{i} * o.blocks[d] / grid.cells[d]) : 0;
  };
  CellValues v(kappa);
  std::ptrdiff_t place = 0;
  visit_cells(grid.box, [&](int i, int j, int k) {
    const bool second = (block(0, i) + block(1, j) + block(2, k)) % 2 == 1;
    v[place++] = second ? o.background * o.contrast : o.background;
  });
}

/// In 3-D, columns along z.
void fill_inclusions(const CellGrid& grid, const MediumOptions& o, Vec kappa) {
  const core::RandomStream stream(o.seed, inclusion_stream + o.sample);
  double values[square_inclusions];
  for (std::uint64_t s = 0; s < square_inclusions; ++s)
    values[s] = o.background * std::pow(o.contrast, stream.uniform(s));
  CellValues v(kappa);
  std::ptrdiff_t place = 0;
  visit_cells(grid.box, [&](int i, int j, int) {
    const int inside = square_inclusion_at((i + 0.5) / grid.cells[0], (j + 0.5) / grid.cells[1]);
    v[place++] = inside < 0 ? o.background : values[inside];
  });
}

void fill_channels(const CellGrid& grid, const Domain& domain, const MediumOptions& o, Vec kappa) {
  const auto channels =
      draw_channels({o.channels, o.channel_width, o.seed, o.sample}, domain, grid.dim);
  CellValues v(kappa);
  std::ptrdiff_t place = 0;
  // The centre lines depend on x alone: the same for all cells of one x.
  std::vector<ChannelSection> sections;
  for (int i = grid.box.lo[0]; i < grid.box.hi[0]; ++i)
    sections.push_back(channels.section((i + 0.5) / grid.cells[0]));
  visit_cells(grid.box, [&](int i, int j, int k) {
    const double y = domain.center(1, j, grid.cells[1]);
    const double z = grid.dim == 3 ? domain.center(2, k, grid.cells[2]) : 0.0;
    const auto& section = sections[static_cast<std::size_t>(i - grid.box.lo[0])];
    v[place++] = section.contains(y, z) ? o.background * o.contrast : o.background;
  });
}

void fill(DM cells, const Domain& domain, const MediumOptions& o, Vec kappa) {
  const auto grid = CellGrid::of(cells);
  validate(o, grid.dim);
  switch (o.kind) {
  case MediumKind::file: break;
  case MediumKind::lognormal:
  case MediumKind::two_phase:
  case MediumKind::darcy: fill_from_field(cells, grid, domain, o, kappa); break;
  case MediumKind::checkerboard: fill_checkerboard(grid, o, kappa); break;
  case MediumKind::inclusions: fill_inclusions(grid, o, kappa); break;
  case MediumKind::channels: fill_channels(grid, domain, o, kappa); break;
  case MediumKind::constant:
  case MediumKind::anisotropic:
  case MediumKind::rotated: LINNET_CHECK(VecSet(kappa, o.background)); break;
  }
}

} // namespace

MediumKind medium_kind(std::string_view name) {
  for (const auto& [word, kind] : kinds)
    if (name == word) return kind;
  core::throw_usage("-diffusion_medium = " + std::string(name) +
                    " is no medium; allowed: " + medium_names());
}

const char* medium_name(MediumKind kind) {
  for (const auto& [word, other] : kinds)
    if (kind == other) return word;
  return "unknown";
}

std::string medium_names() {
  std::string names;
  for (const auto& entry : kinds) names += (names.empty() ? "" : ", ") + std::string(entry.first);
  return names;
}

void validate(const MediumOptions& o, int dim) {
  require_conductivity("diffusion_medium_background", o.background);
  require_range("diffusion_contrast", o.contrast, 1.0e-8, 1.0e8);
  for (const double phase : o.phases) require_conductivity("diffusion_medium_phases", phase);
  if (uses_field(o.kind)) {
    // Rougher fields than alpha = dim/2 have values of any size: nothing to take the exponential
    // of.
    const double least = o.kind == MediumKind::lognormal ? 0.5 * dim + 0.05 : 0.05;
    require_range("diffusion_medium_alpha", o.alpha, least, 20.0);
    require_range("diffusion_medium_tau", o.tau, 1.0e-3, 1.0e4);
    require_range("diffusion_medium_deviation", o.deviation, 0.0, 20.0);
  }
  if (o.kind == MediumKind::checkerboard)
    for (int d = 0; d < dim; ++d) require_range("diffusion_medium_blocks", o.blocks[d], 1, 1 << 20);
  if (o.kind == MediumKind::channels) {
    require_range("diffusion_medium_channels", o.channels, 1, 10000);
    require_range("diffusion_medium_channel_width", o.channel_width, 1.0e-6, 1.0);
  }
  if (o.kind == MediumKind::anisotropic)
    for (int d = 0; d < dim; ++d)
      require_range("diffusion_medium_ratios", o.ratios[d], 1.0e-8, 1.0e8);
  if (o.kind == MediumKind::rotated) {
    if (dim != 2)
      core::throw_usage("-diffusion_medium = rotated is for -diffusion_dim 2; in 3-D take "
                        "anisotropic with -diffusion_medium_ratios");
    require_range("diffusion_medium_angle", o.angle, -360.0, 360.0);
    require_range("diffusion_medium_ratio", o.ratio, 1.0, 1.0e8);
  }
}

PetscErrorCode fill_medium(DM cells, const Domain& domain, const MediumOptions& options,
                           Vec kappa) {
  PetscFunctionBegin;
  PetscCall(core::register_events());
  PetscCall(PetscLogEventBegin(core::events().medium_make, cells, kappa, 0, 0));
  LINNET_PETSC_GUARD(fill(cells, domain, options, kappa));
  PetscCall(PetscLogEventEnd(core::events().medium_make, cells, kappa, 0, 0));
  PetscCall(validate_conductivity(cells, kappa,
                                  std::string("conductivity (-diffusion_medium ") +
                                      medium_name(options.kind) + ")"));
  PetscFunctionReturn(PETSC_SUCCESS);
}

ConductivityTensor medium_tensor(const MediumOptions& o) {
  ConductivityTensor tensor;
  if (o.kind == MediumKind::anisotropic) tensor.diagonal = o.ratios;
  if (o.kind == MediumKind::rotated) {
    const double angle = o.angle * std::numbers::pi / 180.0;
    const double c = std::cos(angle), s = std::sin(angle), bad = 1.0 / o.ratio;
    tensor.diagonal = {c * c + bad * s * s, s * s + bad * c * c, 1.0};
    tensor.xy = (1.0 - bad) * c * s;
  }
  return tensor;
}

PetscErrorCode validate_conductivity(DM cells, Vec kappa, const std::string& name) {
  PetscFunctionBegin;
  LINNET_PETSC_GUARD(require_cells(CellGrid::of(cells), kappa, name,
                                   "it must be positive and finite in every cell",
                                   [](double v) { return std::isfinite(v) && v > 0.0; }));
  PetscFunctionReturn(PETSC_SUCCESS);
}

} // namespace linnet::problems
