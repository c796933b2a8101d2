// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/nn/network/model.hpp>

#include <linnet/core/agreement.hpp>
#include <linnet/core/kokkos_session.hpp>
#include <linnet/core/petsc.hpp>
#include <linnet/core/random.hpp>
#include <linnet/io/model_file.hpp>
#include <linnet/io/model_kind.hpp>
#include <linnet/nn/network/check_grid.hpp>
#include <linnet/nn/network/network.hpp>
#include <linnet/nn/network/tensor_values.hpp>

#include <petscsys.h>

#include <algorithm>
#include <cmath>
#include <optional>

namespace linnet::nn {

namespace {

// Of the largest value of the output: single precision, on another processor.
constexpr double check_tolerance = 1e-5;
constexpr std::int64_t most_check_values = 1000000;

const char* role_of(const ParameterBlock& block) {
  switch (block.role) {
  case ParameterRole::weight: return "weight";
  case ParameterRole::bias: return "bias";
  case ParameterRole::scale: return "scale";
  case ParameterRole::basis: return "basis";
  }
  return "";
}

std::map<std::string, io::Shape> shapes_of(const ParameterLayout& layout) {
  std::map<std::string, io::Shape> shapes;
  for (const ParameterBlock& block : layout.blocks()) shapes[block.name] = block.shape;
  return shapes;
}

auto host_copy(const kernels::Array<float>& values) {
  return Kokkos::create_mirror_view_and_copy(
      Kokkos::HostSpace(), static_cast<const Kokkos::View<float*, kernels::MemorySpace>&>(values));
}

io::Shape shape_of(const kernels::Tensor<float>& t, int dimension) {
  io::Shape shape{t.channels};
  for (int d = dimension; d-- > 0;) shape.push_back(t.layout.n[d]);
  return shape;
}

/// The network on the grid of a sample, on this rank alone.
class SampleRun {
public:
  SampleRun(const Model& model, const core::Index3& points)
      : model_(model),
        domain_(PETSC_COMM_SELF,
                Domain::exact_cut(points, model.graph.levels, model.graph.graph.padding,
                                  model.graph.graph.coarsening, 1),
                model.graph.levels, model.graph.graph.padding, model.graph.graph.coarsening),
        network_(model.graph, domain_, NetworkMode::inference) {}

  [[nodiscard]] io::Shape input_shape() const {
    return shape_of(network_.input(), model_.graph.graph.dimension);
  }
  /// The output for @p input, row-major.
  io::ModelArray output(const std::vector<double>& input) {
    to_tensor<float>(input, network_.input());
    network_.forward(model_.parameters);
    io::ModelArray result{shape_of(network_.output(), model_.graph.graph.dimension), {}, ""};
    result.values.resize(value_count(network_.output()));
    from_tensor<float>(network_.output(), result.values);
    return result;
  }

private:
  const Model& model_;
  Domain domain_;
  Network<float> network_;
};

/// A sample is a value of one input on the finest grid.
bool can_be_checked(const ResolvedGraph& graph) {
  return graph.inputs.size() == 1 &&
         graph.nodes[static_cast<std::size_t>(graph.inputs[0])].signature.level == 0;
}

/// Nothing where no sample would be read: of several inputs, or too large.
std::optional<io::ModelCheck> make_check(const Model& model) {
  if (!can_be_checked(model.graph)) return std::nullopt;
  const std::optional<core::Index3> points = check_points(model.graph);
  if (!points || !is_light(model.graph, *points)) return std::nullopt;
  const int channels =
      model.graph.nodes[static_cast<std::size_t>(model.graph.inputs[0])].signature.channels;
  if (core::volume(*points) * channels > most_check_values) return std::nullopt;
  SampleRun run(model, *points);
  io::ModelCheck check;
  check.input.shape = run.input_shape();
  const core::RandomStream random(1, 0);
  for (std::int64_t i = 0; i < io::Slab{{}, check.input.shape}.size(); ++i)
    check.input.values.push_back(static_cast<double>(
        static_cast<float>(2.0 * random.uniform(static_cast<std::uint64_t>(i)) - 1.0)));
  check.output = run.output(check.input.values);
  return check;
}

/// The grid of a sample; its channels and the network's are compared later.
core::Index3 grid_of(const io::Shape& shape, int dimension, const std::string& path) {
  const bool has_rank = shape.size() == static_cast<std::size_t>(dimension) + 1;
  std::int64_t values = 1;
  for (const std::int64_t extent : shape)
    if (values <= most_check_values) values *= extent;
  if (!has_rank || values > most_check_values)
    core::throw_data(path + ": /check/input has the shape " + io::to_string(shape) +
                     "; channels and " + std::to_string(dimension) +
                     " extents with at most 1000000 values are allowed");
  core::Index3 points{1, 1, 1};
  for (int d = 0; d < dimension; ++d)
    points[d] = static_cast<int>(shape[shape.size() - 1 - static_cast<std::size_t>(d)]);
  return points;
}

/// What the network gives for the input of @p stored.
io::ModelArray output_for(const Model& model, const io::ModelCheck& stored,
                          const std::string& path) {
  const core::Index3 points = grid_of(stored.input.shape, model.graph.graph.dimension, path);
  if (!is_light(model.graph, points))
    core::throw_data(path +
                     ": the network needs more than 2^28 values on the grid of /check/input,"
                     " " +
                     io::to_string(stored.input.shape) + "; write a smaller sample");
  SampleRun run(model, points);
  if (run.input_shape() != stored.input.shape)
    core::throw_data(path + ": /check/input has the shape " + io::to_string(stored.input.shape) +
                     ", and the network takes " + io::to_string(run.input_shape()));
  return run.output(stored.input.values);
}

void verify(const Model& model, const io::ModelCheck& stored, const std::string& path) {
  io::ModelArray own;
  try {
    own = output_for(model, stored, path);
  } catch (const core::Error& error) {
    if (error.code() != core::ExitCode::usage) throw;
    core::throw_data(path +
                     ": the network does not work on the grid of /check/input: " + error.what());
  }
  if (own.shape != stored.output.shape)
    core::throw_data(path + ": /check/output has the shape " + io::to_string(stored.output.shape) +
                     ", and the network gives " + io::to_string(own.shape));
  double largest = 0.0, difference = 0.0;
  for (std::size_t i = 0; i < own.values.size(); ++i) {
    largest = std::max(largest, std::abs(stored.output.values[i]));
    difference = std::max(difference, std::abs(stored.output.values[i] - own.values[i]));
  }
  if (!(difference <= check_tolerance * largest))
    core::throw_data(path + ": the network does not give /check/output for /check/input; the file "
                            "follows another convention, write it as docs/training.md says");
}

void add_normaliser(const std::string& name, const Normaliser& normaliser, int dimension,
                    io::ModelFile& file) {
  if (normaliser.kind() == NormaliserKind::none) return;
  io::Shape shape{normaliser.channels()};
  if (normaliser.kind() == NormaliserKind::point)
    for (int d = dimension; d-- > 0;) shape.push_back(normaliser.points()[d]);
  file.normalisation[name + "/mean"] = {shape, normaliser.means(), "mean"};
  file.normalisation[name + "/deviation"] = {shape, normaliser.deviations(), "deviation"};
}

/// That of @p name in @p file for fields of @p channels.
Normaliser normaliser_from(const io::ModelFile& file, const std::string& name, int channels,
                           int dimension, const std::string& path) {
  const auto mean = file.normalisation.find(name + "/mean"),
             deviation = file.normalisation.find(name + "/deviation"),
             end = file.normalisation.end();
  const std::string where = path + ": /norm/" + name;
  if (mean == end && deviation == end) return {};
  if (mean == end || deviation == end)
    core::throw_data(where + ": must hold 'mean' and 'deviation'; complete or remove it");
  const io::Shape& shape = mean->second.shape;
  const bool is_pointwise = shape.size() == static_cast<std::size_t>(dimension) + 1;
  if (deviation->second.shape != shape || (!is_pointwise && shape.size() != 1) ||
      shape[0] != channels)
    core::throw_data(where + ": means have the shape " + io::to_string(shape) +
                     " and deviations the shape " + io::to_string(deviation->second.shape) +
                     "; both need " + std::to_string(channels) +
                     " channel(s), alone or with all extents of a grid");
  core::Index3 points{1, 1, 1};
  for (int d = 0; is_pointwise && d < dimension; ++d)
    points[d] = static_cast<int>(shape[shape.size() - 1 - static_cast<std::size_t>(d)]);
  try {
    return {is_pointwise ? NormaliserKind::point : NormaliserKind::channel, channels, points,
            mean->second.values, deviation->second.values};
  } catch (const core::Error& error) {
    core::throw_data(where + ": " + error.what());
  }
}

Normalisation normalisation_from(const io::ModelFile& file, const ResolvedGraph& graph,
                                 const std::string& path) {
  for (const auto& entry : file.normalisation)
    if (entry.first != "input/mean" && entry.first != "input/deviation" &&
        entry.first != "output/mean" && entry.first != "output/deviation")
      core::throw_data(path + ": /norm/" + entry.first +
                       ": is no normalisation of a network; remove it");
  const auto channels = [&](int node) {
    return graph.nodes[static_cast<std::size_t>(node)].signature.channels;
  };
  const int dimension = graph.graph.dimension;
  return {normaliser_from(file, "input", channels(graph.inputs.at(0)), dimension, path),
          normaliser_from(file, "output", channels(graph.output), dimension, path)};
}

} // namespace

Model load_model(MPI_Comm comm, const std::string& path, std::int64_t byte_limit) {
  LINNET_CHECK(core::ensure_kokkos());
  const io::ModelFile file = io::read_model(
      comm, path,
      [&](const std::string& graph) {
        const io::ModelKind kind = io::model_kind(graph);
        if (kind == io::ModelKind::cycle || kind == io::ModelKind::basis)
          io::refuse_kind(path, graph, "a network is needed here");
        return shapes_of(resolve(graph_from_json(graph, path), path).parameters);
      },
      byte_limit);
  Model model;
  core::together(comm, [&] {
    model.graph = resolve(graph_from_json(file.graph, path), path);
    model.provenance = file.provenance;
    model.basis = file.basis;
    model.normalisation = normalisation_from(file, model.graph, path);
    model.parameters = parameter_buffer<float>(model.graph.parameters);
    const auto host = host_copy(model.parameters);
    for (const ParameterBlock& block : model.graph.parameters.blocks()) {
      const std::vector<double>& values = file.parameters.at(block.name).values;
      for (std::size_t i = 0; i < values.size(); ++i)
        host(block.offset + i) = static_cast<float>(values[i]);
    }
    Kokkos::deep_copy(
        static_cast<const Kokkos::View<float*, kernels::MemorySpace>&>(model.parameters), host);
    if (file.check && can_be_checked(model.graph)) verify(model, *file.check, path);
  });
  return model;
}

std::size_t copy_matching_blocks(const Model& model, const ParameterLayout& layout,
                                 const kernels::Array<float>& values) {
  std::size_t count = 0;
  for (const ParameterBlock& to : layout.blocks())
    for (const ParameterBlock& from : model.graph.parameters.blocks()) {
      if (from.name != to.name || from.shape != to.shape) continue;
      const auto range = [&](std::size_t offset) { return std::pair(offset, offset + to.size()); };
      Kokkos::deep_copy(Kokkos::subview(values, range(to.offset)),
                        Kokkos::subview(model.parameters, range(from.offset)));
      ++count;
    }
  return count;
}

void save_model(MPI_Comm comm, const std::string& path, const Model& model) {
  io::ModelFile file;
  core::on_first_rank(comm, [&] {
    file.graph = to_json(model.graph.graph);
    file.dtype = "float32";
    file.provenance = model.provenance;
    file.basis = model.basis;
    const int dimension = model.graph.graph.dimension;
    add_normaliser("input", model.normalisation.input, dimension, file);
    add_normaliser("output", model.normalisation.output, dimension, file);
    const auto host = host_copy(model.parameters);
    for (const ParameterBlock& block : model.graph.parameters.blocks()) {
      io::ModelArray array{block.shape, {}, role_of(block)};
      for (std::size_t i = 0; i < block.size(); ++i)
        array.values.push_back(static_cast<double>(host(block.offset + i)));
      file.parameters[block.name] = std::move(array);
    }
    file.check = make_check(model);
  });
  io::write_model(comm, path, file);
}

} // namespace linnet::nn
