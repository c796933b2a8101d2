// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/krylov/operator_direction.hpp>

#include <linnet/core/agreement.hpp>
#include <linnet/io/vec_array.hpp>
#include <linnet/krylov/guess_operator.hpp>
#include <linnet/linalg/fluid_rows.hpp>

#include <algorithm>
#include <cmath>

namespace linnet::krylov {

using core::Index3;

namespace {

MPI_Comm comm_of(Mat matrix) { return PetscObjectComm(reinterpret_cast<PetscObject>(matrix)); }

/// Of a cell of the unit box.
double cell_volume(const grid::GridMap& map, grid::GridPoints points) {
  double volume = 1.0;
  for (std::size_t d = 0; d < static_cast<std::size_t>(map.dimension()); ++d) {
    const int n = map.partition().points()[d];
    if (n > 1)
      volume *=
          grid::relative_place(1, n, false, points) - grid::relative_place(0, n, false, points);
  }
  return volume;
}

/// n with n^dimension = count, or 0.
int root(int count, int dimension) {
  const int n = static_cast<int>(std::lround(std::pow(count, 1.0 / dimension)));
  std::int64_t power = 1;
  for (int d = 0; d < dimension; ++d) power *= n;
  return power == count ? n : 0;
}

std::string text(const Index3& n, int dimension) {
  std::string result = std::to_string(n[0]);
  for (std::size_t d = 1; d < static_cast<std::size_t>(dimension); ++d)
    result += " x " + std::to_string(n[d]);
  return result;
}

} // namespace

OperatorDirection::OperatorDirection(Mat matrix, DM da, const grid::DeclaredGrid& declared,
                                     const nn::Model& model, const std::string& name,
                                     const OperatorDirectionOptions& options)
    : name_(name), owner_(options.owner + ": "), stem_(options.stem),
      map_(matrix, da, declared, options.owner), network_(model, name, 1),
      parameters_(static_cast<int>(model.graph.parameters.count())) {
  check(model);
  place_sensors(options.sensors);
  volume_ = cell_volume(map_, options.points);
  residual_ =
      std::make_unique<SensorTransfer>(matrix, map_, options.points, sensors_, SensorKind::mean);
  if (has_coefficient_)
    coefficient_ =
        std::make_unique<SensorTransfer>(matrix, map_, options.points, sensors_, SensorKind::value);
  const std::vector<core::Real3> at = grid::relative_points(matrix, map_, options.points);
  std::vector<double> trunk;
  core::together(comm_of(matrix), [&] { trunk = network_.basis_at(at); });
  trunk_.assign(trunk.begin(), trunk.end());
  function_.resize(static_cast<std::size_t>(residual_->sensors()));
  input_.resize(static_cast<std::size_t>(network_.parts().sensors));
  output_.resize(static_cast<std::size_t>(network_.parts().basis));
  sum_.resize(output_.size());
}

void OperatorDirection::check(const nn::Model& model) const {
  const nn::DeepONetParts& parts = network_.parts();
  if (parts.outputs != 1)
    core::throw_data(owner_ + name_ + " has " + std::to_string(parts.outputs) +
                     " outputs, and a matrix with one unknown per point needs one");
  if (parts.coordinates != map_.dimension())
    core::throw_data(
        owner_ + name_ + ": its trunk takes points of " + std::to_string(parts.coordinates) +
        " coordinates, and the grid of the matrix has " + std::to_string(map_.dimension()));
  if (model.normalisation.output.kind() != nn::NormaliserKind::none)
    core::throw_data(owner_ + name_ +
                     " adds a mean to what it says, which a search direction "
                     "has not; train it with -train_output_norm none");
  for (std::size_t d = 0; d < 3; ++d)
    if (map_.wraps()[d])
      core::throw_usage(owner_ + "the grid wraps in direction " + std::string(1, "xyz"[d]) +
                        ", and the sensors of " + name_ + " lie on a box that ends");
}

void OperatorDirection::place_sensors(Index3 wanted) {
  const int count = network_.parts().sensors, dimension = map_.dimension();
  if (wanted[0] == 0) {
    const int alone = root(count, dimension),
              half = count % 2 == 0 ? root(count / 2, dimension) : 0;
    wanted = {std::max(alone, half), std::max(alone, half), std::max(alone, half)};
  }
  if (dimension < 3) wanted[2] = 1;
  const std::int64_t nodes = core::volume(wanted);
  if (nodes < 1 || (nodes != count && 2 * nodes != count))
    core::throw_usage(
        owner_ + name_ + " takes " + std::to_string(count) +
        " values, which are neither one nor two fields on " +
        (nodes < 1 ? "a square grid" : "the " + text(wanted, dimension) + " nodes of its grid") +
        "; name the nodes that it was trained on by " + stem_ + "sensors nx,ny[,nz]");
  sensors_ = wanted;
  has_coefficient_ = nodes != count;
}

void OperatorDirection::update(Mat matrix) {
  const linalg::FluidRows rows = linalg::read_fluid_rows(matrix);
  masked_ = rows.masked;
  {
    const io::VecReadArray fluid(rows.fluid.get());
    PetscInt local = 0;
    LINNET_CHECK(VecGetLocalSize(rows.fluid.get(), &local));
    fluid_.resize(static_cast<std::size_t>(local));
    for (std::size_t i = 0; i < fluid_.size(); ++i) fluid_[i] = fluid.data()[i] != 0.0;
  }
  if (!has_coefficient_) return;
  PetscObject k = nullptr;
  LINNET_CHECK(PetscObjectQuery(reinterpret_cast<PetscObject>(matrix), coefficient_key, &k));
  if (!k)
    core::throw_usage(owner_ + name_ +
                      " wants the coefficient, and the matrix carries none; compose a Vec of its "
                      "layout on it under the name '" +
                      coefficient_key + "'");
  const auto nodes = static_cast<std::size_t>(coefficient_->sensors());
  coefficient_->apply(reinterpret_cast<Vec>(k), std::span(input_).first(nodes));
  if (!std::isfinite(input_[0]))
    core::throw_data(owner_ + "the coefficient that the matrix carries has values that are not "
                              "finite");
}

/// sum_ = weight times the coefficients for sign f / s, or with @p add plus that.
void OperatorDirection::find_coefficients(double sign, double weight, bool add) {
  const std::size_t first = input_.size() - function_.size();
  for (std::size_t i = 0; i < function_.size(); ++i) input_[first + i] = sign * function_[i];
  network_.coefficients(input_, output_);
  for (std::size_t k = 0; k < sum_.size(); ++k)
    sum_[k] = weight * output_[k] + (add ? sum_[k] : 0.0);
}

/// d = factor (sum_ . trunk + shift), rows in blocks that stay in the first cache.
void OperatorDirection::combine(double factor, double shift, Vec d) const {
  constexpr std::size_t block = 512;
  const io::VecWriteArray to(d);
  const std::size_t rows = fluid_.size();
  double sum[block];
  for (std::size_t first = 0; first < rows; first += block) {
    const std::size_t count = std::min(block, rows - first);
    std::fill_n(sum, count, shift);
    for (std::size_t k = 0; k < sum_.size(); ++k) {
      const float* t = trunk_.data() + k * rows + first;
      for (std::size_t i = 0; i < count; ++i) sum[i] += sum_[k] * static_cast<double>(t[i]);
    }
    for (std::size_t i = 0; i < count; ++i)
      to.data()[first + i] = fluid_[first + i] ? factor * sum[i] : 0.0;
  }
}

void OperatorDirection::apply(Vec r, double norm, bool odd, Vec d) {
  if (!std::isfinite(norm) || norm == 0.0) {
    LINNET_CHECK(VecSet(d, norm == 0.0 ? 0.0 : NAN));
    return;
  }
  residual_->apply(r, function_);
  double square = 0.0;
  for (const double value : function_) square += value * value;
  const double size = std::sqrt(square / static_cast<double>(function_.size()));
  // What no sensor sees has no direction.
  if (!(size > 0.0) || !std::isfinite(1.0 / size)) {
    LINNET_CHECK(VecSet(d, 0.0));
    return;
  }
  for (double& value : function_) value /= size;
  find_coefficients(1.0, odd ? 0.5 : 1.0, false);
  if (odd) find_coefficients(-1.0, -0.5, true);
  combine(size / volume_, odd ? 0.0 : network_.bias(0), d);
}

void OperatorDirection::view(PetscViewer viewer) const {
  const nn::DeepONetParts& parts = network_.parts();
  const int dimension = map_.dimension();
  LINNET_CHECK(PetscViewerASCIIPrintf(
      viewer, "%d parameters, DeepONet from %s on %s nodes to %d functions\n", parameters_,
      has_coefficient_ ? "coefficient and residual" : "residual", text(sensors_, dimension).c_str(),
      parts.basis));
  LINNET_CHECK(PetscViewerASCIIPrintf(viewer, "grid from %s: %s points\n",
                                      map_.has_da() ? "the DMDA" : (stem_ + "grid").c_str(),
                                      text(map_.partition().points(), dimension).c_str()));
  LINNET_CHECK(PetscViewerASCIIPrintf(viewer, "%lld rows without couplings are masked\n",
                                      static_cast<long long>(masked_)));
}

} // namespace linnet::krylov
