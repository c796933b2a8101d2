// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// A nonlinear system on a DMDA, as any PETSc program may have one, and networks of one point with
/// known weights.
#pragma once

#include "support/petsc_messages.hpp"
#include "unit/krylov/neural_case.hpp"

#include <petscsnes.h>

#include <cmath>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

namespace linnet::test {

using Values = std::vector<double>;

/// F_ij = 4 u_ij - the sum of four neighbours (0 beyond the border) + cubic u_ij^3 - b_ij.
class CubicSystem {
public:
  static constexpr int nx = 13, ny = 10, count = nx * ny;

  CubicSystem(double cubic, const Values& b) : cubic_(cubic) {
    DM da = nullptr;
    LINNET_CHECK(DMDACreate2d(PETSC_COMM_WORLD, DM_BOUNDARY_NONE, DM_BOUNDARY_NONE,
                              DMDA_STENCIL_STAR, nx, ny, PETSC_DECIDE, PETSC_DECIDE, 1, 1, nullptr,
                              nullptr, &da));
    da_.reset(da);
    LINNET_CHECK(DMSetUp(da));
    b_ = vector(b);
    LINNET_CHECK(SNESCreate(PETSC_COMM_WORLD, &snes_));
    LINNET_CHECK(SNESSetDM(snes_, da));
    LINNET_CHECK(SNESSetFunction(snes_, nullptr, function, this));
    LINNET_CHECK(SNESSetTolerances(snes_, 1e-300, 1e-5, 0.0, 400, 100000));
  }
  ~CubicSystem() { SNESDestroy(&snes_); }
  CubicSystem(const CubicSystem&) = delete;
  CubicSystem& operator=(const CubicSystem&) = delete;

  [[nodiscard]] SNES snes() const { return snes_; }
  [[nodiscard]] core::Owned<Vec> vector(const Values& natural) const {
    Vec v = nullptr;
    LINNET_CHECK(DMCreateGlobalVector(da_.get(), &v));
    core::Owned<Vec> owner(v);
    DMDALocalInfo info;
    PetscScalar** values = nullptr;
    LINNET_CHECK(DMDAGetLocalInfo(da_.get(), &info));
    LINNET_CHECK(DMDAVecGetArray(da_.get(), v, static_cast<void*>(&values)));
    for (int j = info.ys; j < info.ys + info.ym; ++j)
      for (int i = info.xs; i < info.xs + info.xm; ++i)
        values[j][i] = natural[static_cast<std::size_t>(i + nx * j)];
    LINNET_CHECK(DMDAVecRestoreArray(da_.get(), v, static_cast<void*>(&values)));
    return owner;
  }
  [[nodiscard]] Values natural(Vec v) const {
    Vec natural = nullptr;
    LINNET_CHECK(DMDACreateNaturalVector(da_.get(), &natural));
    const core::Owned<Vec> owner(natural);
    LINNET_CHECK(DMDAGlobalToNaturalBegin(da_.get(), v, INSERT_VALUES, natural));
    LINNET_CHECK(DMDAGlobalToNaturalEnd(da_.get(), v, INSERT_VALUES, natural));
    return gathered(natural);
  }
  /// F by the definition.
  [[nodiscard]] Values residual(const Values& u, const Values& b) const {
    Values f;
    const auto at = [&](int i, int j) {
      return i < 0 || j < 0 || i >= nx || j >= ny ? 0.0 : u[static_cast<std::size_t>(i + nx * j)];
    };
    for (int j = 0; j < ny; ++j)
      for (int i = 0; i < nx; ++i)
        f.push_back(4.0 * at(i, j) - at(i - 1, j) - at(i + 1, j) - at(i, j - 1) - at(i, j + 1) +
                    cubic_ * std::pow(at(i, j), 3) - b[static_cast<std::size_t>(i + nx * j)]);
    return f;
  }
  /// Carried by the DMDA, which keeps it; PETSc lets no DM carry Vecs of its own making.
  void carry(const char* name, const Values& values) const {
    const core::Owned<Vec> from = vector(values);
    Vec copy = nullptr;
    PetscInt local = 0;
    LINNET_CHECK(VecGetLocalSize(from.get(), &local));
    LINNET_CHECK(VecCreateMPI(PETSC_COMM_WORLD, local, count, &copy));
    const core::Owned<Vec> v(copy);
    LINNET_CHECK(VecCopy(from.get(), copy));
    LINNET_CHECK(PetscObjectCompose(reinterpret_cast<PetscObject>(da_.get()), name,
                                    reinterpret_cast<PetscObject>(v.get())));
  }

private:
  static PetscErrorCode function(SNES, Vec u, Vec f, void* self) {
    const auto& system = *static_cast<CubicSystem*>(self);
    DM da = system.da_.get();
    DMDALocalInfo info;
    Vec ghosted = nullptr;
    PetscScalar **x = nullptr, **y = nullptr;
    PetscFunctionBegin;
    PetscCall(DMDAGetLocalInfo(da, &info));
    PetscCall(DMGetLocalVector(da, &ghosted));
    PetscCall(VecZeroEntries(ghosted));
    PetscCall(DMGlobalToLocal(da, u, INSERT_VALUES, ghosted));
    PetscCall(DMDAVecGetArrayRead(da, ghosted, static_cast<void*>(&x)));
    PetscCall(DMDAVecGetArray(da, f, static_cast<void*>(&y)));
    for (int j = info.ys; j < info.ys + info.ym; ++j)
      for (int i = info.xs; i < info.xs + info.xm; ++i) {
        double sum = 4.0 * x[j][i] + system.cubic_ * x[j][i] * x[j][i] * x[j][i];
        if (i > 0) sum -= x[j][i - 1];
        if (i + 1 < nx) sum -= x[j][i + 1];
        if (j > 0) sum -= x[j - 1][i];
        if (j + 1 < ny) sum -= x[j + 1][i];
        y[j][i] = sum;
      }
    PetscCall(DMDAVecRestoreArray(da, f, static_cast<void*>(&y)));
    PetscCall(DMDAVecRestoreArrayRead(da, ghosted, static_cast<void*>(&x)));
    PetscCall(DMRestoreLocalVector(da, &ghosted));
    PetscCall(VecAXPY(f, -1.0, system.b_.get()));
    PetscFunctionReturn(PETSC_SUCCESS);
  }

  double cubic_;
  core::Owned<DM> da_;
  core::Owned<Vec> b_;
  SNES snes_ = nullptr;
};

/// The weighted sum of the channels of each point; @p inputs is its list of them, none where empty.
inline nn::Model point_network(const Values& weights, const std::string& inputs) {
  nn::Graph graph;
  graph.dimension = 2;
  const auto channels = static_cast<int>(weights.size());
  graph.nodes = {{"x", "input", {}, {{"channels", channels}}},
                 {"y", "conv", {"x"}, {{"channels", 1}, {"kernel", 1}, {"bias", 0}}}};
  graph.output = "y";
  nn::Model model;
  model.graph = nn::resolve(graph, "test");
  model.parameters = nn::parameter_buffer<float>(model.graph.parameters);
  for (std::size_t i = 0; i < weights.size(); ++i)
    model.parameters(i) = static_cast<float>(weights[i]);
  if (!inputs.empty()) model.provenance["inputs"] = inputs;
  return model;
}

/// Models in files of a folder that goes with it.
class ModelFiles {
public:
  std::string file(const nn::Model& model) {
    const std::string path = scratch_ / ("m" + std::to_string(count_++) + ".h5");
    nn::save_model(PETSC_COMM_WORLD, path, model);
    return path;
  }
  /// What SNESView writes, on every rank.
  std::string view(SNES snes) {
    const std::string path = scratch_ / "view.txt";
    PetscViewer viewer = nullptr;
    LINNET_CHECK(PetscViewerASCIIOpen(PETSC_COMM_WORLD, path.c_str(), &viewer));
    LINNET_CHECK(SNESView(snes, viewer));
    LINNET_CHECK(PetscViewerDestroy(&viewer));
    MPI_Barrier(PETSC_COMM_WORLD);
    std::ostringstream text;
    text << std::ifstream(path).rdbuf();
    return text.str();
  }
  [[nodiscard]] std::string missing() const { return scratch_ / "none.h5"; }

private:
  Scratch scratch_;
  int count_ = 0;
};

inline double dot(const Values& a, const Values& b) {
  double sum = 0.0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += a[i] * b[i];
  return sum;
}

inline double norm(const Values& a) { return std::sqrt(dot(a, a)); }

/// a + factor b.
inline Values sum(const Values& a, double factor, const Values& b) {
  Values c = a;
  for (std::size_t i = 0; i < a.size(); ++i) c[i] += factor * b[i];
  return c;
}

/// Between -1 and 1.
inline Values some_values(std::uint64_t seed) {
  return exact_values({CubicSystem::nx, CubicSystem::ny, 1}, seed);
}

} // namespace linnet::test
