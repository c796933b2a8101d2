// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include "setup.hpp"

#include <linnet/io/field_reader.hpp>
#include <linnet/problems/cells/cell_function.hpp>
#include <linnet/problems/geometry/components.hpp>

#include <algorithm>
#include <cmath>
#include <utility>

namespace app {

using namespace linnet::problems;
using linnet::core::Options;

namespace {

BoundaryKind boundary_kind(const Options& options, const std::string& name) {
  if (!options.is_set(name)) return BoundaryKind::dirichlet;
  static constexpr std::array<const char*, 4> words{"dirichlet", "neumann", "robin", "periodic"};
  const std::string text = options.string(name);
  const auto word = std::find(words.begin(), words.end(), text);
  if (word == words.end())
    options.fail(name, "must be dirichlet, neumann, robin or periodic, got " + text);
  return static_cast<BoundaryKind>(word - words.begin());
}

BoxCells make_grid(const Options& options) {
  BoxCells grid;
  grid.dim = options.integer("-diffusion_dim");
  grid.cells = options.integers_per_direction("-diffusion_grid", grid.dim, 1);
  grid.domain.upper = options.reals_per_direction("-diffusion_extent", grid.dim, 1.0);
  for (int d = 0; d < grid.dim; ++d) {
    const std::string stem = "-diffusion_bc_";
    grid.periodic[d] = boundary_kind(options, stem + face_names[2 * d]) == BoundaryKind::periodic;
  }
  // PETSc numbers the unknowns with PetscInt; we count the cells of a rank with int.
  if (linnet::core::volume(grid.cells) > PETSC_MAX_INT / 8)
    options.fail("-diffusion_grid", "too many cells for this PETSc's " +
                                        std::to_string(8 * sizeof(PetscInt)) + "-bit indices");
  return grid;
}

std::array<int, 3> checkerboard_blocks(const Options& options, const BoxCells& grid) {
  const char* name = "-diffusion_medium_blocks";
  auto blocks = options.integers_per_direction(name, grid.dim, 1);
  if (!options.is_set(name)) // thin grids have fewer blocks than the default
    for (int d = 0; d < grid.dim; ++d) blocks[d] = std::min(blocks[d], grid.cells[d]);
  return blocks;
}

std::uint64_t seed_of(const Options& options) {
  return static_cast<std::uint64_t>(options.integer64("-diffusion_seed"));
}

MediumOptions medium_options(const Options& options, const BoxCells& grid) {
  const int dim = grid.dim;
  MediumOptions m;
  m.kind = medium_kind(options.choice("-diffusion_medium"));
  m.background = options.real("-diffusion_medium_background");
  m.contrast = options.real("-diffusion_contrast");
  const auto phases = options.reals("-diffusion_medium_phases");
  m.phases = {phases.at(0), phases.at(1)};
  m.alpha = options.real("-diffusion_medium_alpha");
  m.tau = options.real("-diffusion_medium_tau");
  m.deviation = options.real("-diffusion_medium_deviation");
  m.seed = seed_of(options);
  m.blocks = checkerboard_blocks(options, grid);
  m.channels = options.integer("-diffusion_medium_channels");
  m.channel_width = options.real("-diffusion_medium_channel_width");
  m.ratios = options.reals_per_direction("-diffusion_medium_ratios", dim, 1.0);
  m.angle = options.real("-diffusion_medium_angle");
  m.ratio = options.real("-diffusion_medium_ratio");
  return m;
}

std::optional<NonlinearLaw> nonlinear_law(const Options& options) {
  static constexpr std::array<const char*, 3> words{"reaction", "quasilinear", "p_laplacian"};
  const char* const function = "-diffusion_nonlinear_function";
  const std::string word = options.choice("-diffusion_nonlinear");
  if (word == "none") return std::nullopt;
  NonlinearLaw law;
  law.kind = static_cast<LawKind>(std::find(words.begin(), words.end(), word) - words.begin());
  if (law.kind == LawKind::p_laplacian) {
    law.exponent = options.real("-diffusion_nonlinear_exponent");
    law.epsilon = options.real("-diffusion_nonlinear_regularisation");
    return law;
  }
  if (!options.is_set(function))
    options.fail("-diffusion_nonlinear", word + " needs -diffusion_nonlinear_function, such as " +
                                             (law.kind == LawKind::reaction ? "u^3" : "1+u^2"));
  try {
    law.function = Expression::parse(options.string(function), "u");
  } catch (const linnet::core::Error& error) {
    options.fail(function, error.what());
  }
  return law;
}

void read_dataset(const AppContext& context, const char* name, Vec values) {
  std::string file, dataset;
  const std::string text = context.options().string(name);
  if (!split_dataset(text, &file, &dataset))
    context.options().fail(name, "must be file.h5:/dataset, got " + text);
  linnet::io::read_field(context.find_file(name, file), dataset, values);
}

/// A value of a face with the file found that it may name.
std::string located_value(const AppContext& context, const std::string& name,
                          const std::string& text) {
  std::string file, dataset;
  if (!context.options().is_set(name) || !split_dataset(text, &file, &dataset)) return text;
  return context.find_file(name, file) + ":" + dataset;
}

/// One more owner of @p vec.
Owned<Vec> shared(Vec vec) {
  LINNET_CHECK(PetscObjectReference(reinterpret_cast<PetscObject>(vec)));
  return Owned<Vec>(vec);
}

void make_medium(const AppContext& context, const MediumOptions& medium, Problem& problem) {
  const Options& options = context.options();
  problem.medium = make_cell_vector(problem.cells.get(), "medium");
  if (problem.factor)
    problem.kappa = make_cell_vector(problem.cells.get(), "kappa");
  else
    problem.kappa = shared(problem.medium.get());
  if (medium.kind == MediumKind::file) {
    if (!options.is_set("-diffusion_medium_file"))
      options.fail("-diffusion_medium", "file needs -diffusion_medium_file file.h5:/dataset");
    read_dataset(context, "-diffusion_medium_file", problem.medium.get());
    LINNET_CHECK(
        validate_conductivity(problem.cells.get(), problem.medium.get(),
                              "conductivity from " + options.string("-diffusion_medium_file")));
  }
  LINNET_CHECK(
      fill_medium(problem.cells.get(), problem.model.grid.domain, medium, problem.medium.get()));
}

void require_faces(const Options& options, int dim) {
  for (const std::string& name : options.given("-diffusion_bc_*"))
    for (std::size_t face = 2 * std::size_t(dim); face < face_names.size(); ++face)
      if (name.starts_with("-diffusion_bc_" + std::string(face_names[face])))
        options.fail(name, "names a face that a run with -diffusion_dim " + std::to_string(dim) +
                               " does not have; remove it or take -diffusion_dim 3");
}

void make_coefficient(const Options& options, const std::string& name, FaceCondition& condition) {
  const auto c = expression_option(options, name.c_str());
  if (!c) return;
  if (condition.kind == BoundaryKind::robin && c->is_constant() && !((*c)({}) >= 0.0))
    options.fail(name, std::string(coefficient_rule) + ", got " + options.string(name));
  condition.coefficient = *c;
}

void make_boundary(const AppContext& context, Problem& problem) {
  const Options& options = context.options();
  DiffusionModel& model = problem.model;
  require_faces(options, model.grid.dim);
  for (int face = 0; face < 2 * model.grid.dim; ++face) {
    const std::string name = "-diffusion_bc_" + std::string(face_names[face]);
    FaceCondition& condition = model.boundary[face];
    condition.kind = boundary_kind(options, name);
    make_coefficient(options, name + "_coefficient", condition);
    const std::string value = options.is_set(name + "_value") ? options.string(name + "_value")
                              : problem.manufactured          ? "exact"
                                                              : "0";
    if (value != "exact") {
      condition.value = read_face_data(context.comm(), model.grid, face, name + "_value",
                                       located_value(context, name + "_value", value));
      continue;
    }
    if (!problem.manufactured) options.fail(name + "_value", "exact needs -diffusion_manufactured");
    condition.value =
        FaceData([m = *problem.manufactured, kind = condition.kind, c = condition.coefficient,
                  face](const linnet::core::Real3& p, double t) {
          return m.boundary_value(kind, c(p, t), face, p, t);
        });
  }
}

void fill_random_source(const Options& options, Problem& problem) {
  fill_random_divergence(problem.cells.get(), problem.model, problem.mask.get(), seed_of(options),
                         problem.source_field.get(),
                         problem.moves() ? &problem.wall_motion : nullptr);
}

void make_source(const AppContext& context, Problem& problem) {
  const Options& options = context.options();
  if (!options.is_set("-diffusion_source")) {
    if (problem.manufactured) {
      problem.model.source = [m = *problem.manufactured](const linnet::core::Real3& p, double t) {
        return m.source(p, t);
      };
      return;
    }
    problem.model.source = Expression(options.given("-diffusion_bc_*").empty() ? 1.0 : 0.0);
    return;
  }
  std::string file, dataset;
  const std::string text = options.string("-diffusion_source");
  const bool from_file = split_dataset(text, &file, &dataset);
  if (from_file || text == "random_divergence") {
    problem.source_field = make_cell_vector(problem.cells.get(), "source");
    problem.model.source_field = problem.source_field.get();
    if (from_file)
      read_dataset(context, "-diffusion_source", problem.source_field.get());
    else
      fill_random_source(options, problem);
    return;
  }
  problem.model.source = *expression_option(options, "-diffusion_source");
}

void read_obstacles(const AppContext& context, Problem& problem) {
  const Options& options = context.options();
  if (!options.is_set("-diffusion_obstacles")) return;
  problem.obstacles =
      parse_obstacles(options.string("-diffusion_obstacles"), problem.model.grid.dim);
  bool move = false;
  for (Obstacle& obstacle : problem.obstacles) {
    if (!obstacle.file.empty())
      obstacle.file = context.find_file("-diffusion_obstacles", obstacle.file);
    problem.wall_motion.rotations.push_back(obstacle.rotation.value_or(Rotation{}));
    move = move || obstacle.moves();
  }
  problem.model.wall = options.choice_as<WallKind>("-diffusion_obstacles_wall");
  problem.model.wall_value = options.real("-diffusion_obstacles_value");
  if (!move) return;
  if (options.integer("-diffusion_time_steps") > 0 && !is_quasi_steady(options))
    options.fail("-diffusion_obstacles",
                 "obstacles that turn leave cells without a past behind them; take "
                 "-diffusion_time_scheme quasi_steady, or the rate 0");
  read_surfaces(context.comm(), problem.obstacles);
  problem.owners = make_cell_vector(problem.cells.get(), "owners");
  problem.wall_motion.owners = problem.owners.get();
}

PetscErrorCode paint_obstacles(const AppContext& context, Problem& problem, double time) {
  PetscFunctionBeginUser;
  const Options& options = context.options();
  std::vector<std::string> empty;
  if (problem.moves()) PetscCall(VecZeroEntries(problem.owners.get()));
  PetscCall(add_obstacles_at(time, problem.cells.get(), problem.model.grid.domain,
                             problem.obstacles, seed_of(options), problem.mask.get(),
                             problem.owners.get(), &empty));
  if (time > 0.0) PetscFunctionReturn(PETSC_SUCCESS); // has been said
  for (const std::string& entry : empty)
    context.warn(options.sources().place("-diffusion_obstacles") + ": " + entry +
                 " holds no cell centre; it lies outside the box or is smaller than a cell");
  PetscFunctionReturn(PETSC_SUCCESS);
}

void mark_held_cells(const AppContext& context, Problem& problem) {
  const Options& options = context.options();
  const auto where = expression_option(options, "-diffusion_held");
  if (!where) return;
  if (where->depends_on_time()) options.fail("-diffusion_held", "must not depend on the time t");
  if (problem.model.needs_corners())
    options.fail("-diffusion_held", "cannot be used with -diffusion_medium rotated");
  problem.model.held_value = options.real("-diffusion_held_value");
  const auto box = owned_cells(problem.cells.get());
  const CellArray mask(problem.mask.get(), box, linnet::grid::Access::read_write);
  visit_cells(box, [&](int i, int j, int k) {
    if (is_fluid(mask(i, j, k)) && (*where)(problem.model.grid.center(i, j, k)) > 0.0)
      mask(i, j, k) = held_cell;
  });
}

void count_cells(const AppContext& context, Problem& problem) {
  std::array<PetscInt, 2> count{0, 0};
  const auto box = owned_cells(problem.cells.get());
  {
    const CellArray mask(problem.mask.get(), box, linnet::grid::Access::read);
    visit_cells(box, [&](int i, int j, int k) {
      count[0] += is_solid(mask(i, j, k)), count[1] += is_held(mask(i, j, k));
    });
  }
  LINNET_CHECK(MPI_Allreduce(MPI_IN_PLACE, count.data(), 2, MPIU_INT, MPI_SUM, context.comm()));
  problem.solid_cells = count[0], problem.held_cells = count[1];
  const Options& options = context.options();
  if (problem.solid_cells == problem.cell_count())
    options.fail("-diffusion_obstacles", "makes every cell solid; nothing is left to solve");
  if (problem.solid_cells + problem.held_cells == problem.cell_count())
    options.fail("-diffusion_held", "holds every cell that is not solid; nothing is left to solve");
  if (options.is_set("-diffusion_held") && problem.held_cells == 0 &&
      !std::exchange(problem.has_warned_of_held, true))
    context.warn(options.sources().place("-diffusion_held") +
                 ": holds no cell; it is positive at "
                 "the centre of none, or of solid ones alone");
}

PetscErrorCode make_mask(const AppContext& context, Problem& problem, double time) {
  PetscFunctionBeginUser;
  const Options& options = context.options();
  if (!options.is_set("-diffusion_obstacles") && !options.is_set("-diffusion_held"))
    PetscFunctionReturn(PETSC_SUCCESS);
  const auto& grid = problem.model.grid;
  if (!problem.mask) problem.mask = make_cell_vector(problem.cells.get(), "mask");
  PetscCall(VecZeroEntries(problem.mask.get()));
  PetscCall(paint_obstacles(context, problem, time));
  mark_held_cells(context, problem);
  const bool steady = options.integer("-diffusion_time_steps") == 0 || is_quasi_steady(options);
  const bool determined = problem.model.reaction > 0.0 || !steady;
  if (problem.model.wall == WallKind::no_flux && !determined) {
    FaceFlags open{};
    for (int face = 0; face < 2 * grid.dim; ++face) {
      const BoundaryKind kind = problem.model.boundary[face].kind;
      open[face] = kind != BoundaryKind::periodic;
    }
    PetscCall(
        close_isolated_cells(problem.cells.get(), open, problem.mask.get(), &problem.closed_cells));
  }
  count_cells(context, problem);
  PetscFunctionReturn(PETSC_SUCCESS);
}

} // namespace

std::optional<Expression> expression_option(const Options& options, const char* name) {
  const std::string text = options.is_set(name) || options.table().find(name)->members.empty()
                               ? options.string(name)
                               : std::string();
  if (text.empty()) return std::nullopt;
  try {
    return Expression::parse(text);
  } catch (const linnet::core::Error& error) {
    options.fail(name, error.what());
  }
}

std::int64_t Problem::cell_count() const { return linnet::core::volume(model.grid.cells); }

bool Problem::changes_in_time() const {
  if (manufactured || (factor && factor->depends_on_time())) return true;
  return std::any_of(model.boundary.begin(), model.boundary.end(),
                     [](const FaceCondition& c) { return c.value.depends_on_time(); });
}

void update_conductivity(Problem& problem, double t) {
  if (!problem.factor) return;
  LINNET_CHECK(VecCopy(problem.medium.get(), problem.kappa.get()));
  {
    const linnet::grid::IndexBox box = owned_cells(problem.cells.get());
    const CellArray kappa(problem.kappa.get(), box, linnet::grid::Access::read_write);
    visit_values(problem.model.grid, box, *problem.factor, t,
                 [&](int i, int j, int k, double factor) { kappa(i, j, k) *= factor; });
  }
  LINNET_CHECK(validate_conductivity(problem.cells.get(), problem.kappa.get(),
                                     "conductivity times -diffusion_conductivity_factor"));
}

bool is_quasi_steady(const Options& options) {
  return options.integer("-diffusion_time_steps") > 0 &&
         options.choice("-diffusion_time_scheme") == "quasi_steady";
}

void move_obstacles(const AppContext& context, Problem& problem, double time) {
  if (!problem.moves()) return;
  LINNET_CHECK(make_mask(context, problem, time));
  if (context.options().string("-diffusion_source") == "random_divergence")
    fill_random_source(context.options(), problem);
}

std::unique_ptr<Problem> make_problem(const AppContext& context) {
  const Options& options = context.options();
  auto problem = std::make_unique<Problem>();
  DiffusionModel& model = problem->model;
  model.grid = make_grid(options);
  model.reaction = options.real("-diffusion_reaction");
  const MediumOptions medium = medium_options(options, model.grid);
  validate(medium, model.grid.dim);
  model.tensor = medium_tensor(medium);
  problem->factor = expression_option(options, "-diffusion_conductivity_factor");
  problem->law = nonlinear_law(options);
  if (options.is_set("-diffusion_manufactured")) {
    problem->manufactured =
        make_manufactured(options.string("-diffusion_manufactured"),
                          options.string("-diffusion_conductivity_factor"), model.grid.dim);
    Manufactured& m = *problem->manufactured;
    if (medium.kind != MediumKind::constant && medium.kind != MediumKind::anisotropic &&
        medium.kind != MediumKind::rotated)
      options.fail("-diffusion_manufactured",
                   "needs -diffusion_medium constant, anisotropic or rotated");
    problem->factor = m.conductivity;
    m.tensor = model.tensor;
    for (double& t : m.tensor.diagonal) t *= medium.background;
    m.tensor.xy *= medium.background;
    m.reaction = model.reaction;
    m.law = problem->law;
    if (options.integer("-diffusion_time_steps") > 0 && !is_quasi_steady(options))
      m.capacity = options.real("-diffusion_capacity");
  }
  problem->compatibility = options.choice_as<Compatibility>("-diffusion_compatibility");
  problem->cells.reset(create_cell_dm(context.comm(), model.grid, model.needs_corners()));
  make_boundary(context, *problem);
  read_obstacles(context, *problem);
  LINNET_CHECK(make_mask(context, *problem, 0.0));
  make_source(context, *problem);
  make_medium(context, medium, *problem);
  return problem;
}

} // namespace app
