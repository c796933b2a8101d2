// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Models with random parameters in files, PCs of type neural with them, solves, and values in
/// natural numbering on every rank.
#pragma once

#include "support/petsc_messages.hpp"
#include "unit/io/scratch.hpp"
#include "unit/multigrid/diffusion_matrix.hpp"

#include <linnet/core/owned.hpp>
#include <linnet/core/random.hpp>
#include <linnet/krylov/dcdm.hpp>
#include <linnet/krylov/pc_neural.hpp>
#include <linnet/nn/network/model.hpp>

#include <functional>
#include <string>
#include <vector>

namespace linnet::test {

/// Three grids, skip connections, biases: neither linear nor odd.
inline nn::Graph small_graph(int dimension, nn::Padding padding = nn::Padding::zero) {
  nn::Graph g;
  g.dimension = dimension;
  g.padding = padding;
  const std::map<std::string, int> four{{"channels", 4}};
  g.nodes = {{"r", "input", {}, {}},
             {"c0", "conv", {"r"}, four},
             {"a0", "relu", {"c0"}, {}},
             {"p1", "avg_pool", {"a0"}, {}},
             {"c1", "conv", {"p1"}, four},
             {"a1", "relu", {"c1"}, {}},
             {"p2", "avg_pool", {"a1"}, {}},
             {"c2", "conv", {"p2"}, four},
             {"u1", "upsample_nearest", {"c2"}, {}},
             {"s1", "add", {"u1", "a1"}, {}},
             {"d1", "conv", {"s1"}, four},
             {"b1", "relu", {"d1"}, {}},
             {"u0", "upsample_nearest", {"b1"}, {}},
             {"s0", "add", {"u0", "a0"}, {}},
             {"d", "conv", {"s0"}, {{"channels", 1}}}};
  g.output = "d";
  return g;
}

/// Three grids that keep off the borders, in two dimensions.
inline nn::Graph odd_graph(nn::Padding padding) {
  nn::Graph g;
  g.dimension = 2;
  g.padding = padding;
  g.coarsening = nn::Coarsening::odd;
  const std::map<std::string, int> down{{"channels", 4}, {"stride", 2}};
  const std::map<std::string, int> up{{"channels", 4}, {"kernel", 4}, {"stride", 2}};
  g.nodes = {{"r", "input", {}, {}},
             {"c1", "conv", {"r"}, down},
             {"a1", "relu", {"c1"}, {}},
             {"c2", "conv", {"a1"}, down},
             {"a2", "relu", {"c2"}, {}},
             {"u1", "conv_transpose", {"a2"}, up},
             {"s1", "add", {"u1", "a1"}, {}},
             {"u0", "conv_transpose", {"s1"}, up},
             {"d", "conv", {"u0"}, {{"channels", 1}}}};
  g.output = "d";
  return g;
}

/// No parameter is zero, biases included.
inline nn::Model random_model(const nn::Graph& graph, std::uint64_t seed = 3) {
  nn::Model model;
  model.graph = nn::resolve(graph, "test");
  model.parameters = nn::parameter_buffer<float>(model.graph.parameters);
  const core::RandomStream random(seed, 0);
  for (const nn::ParameterBlock& block : model.graph.parameters.blocks())
    for (std::size_t i = 0; i < block.size(); ++i)
      model.parameters(block.offset + i) =
          static_cast<float>(0.6 * random.uniform(block.offset + i) - 0.3);
  return model;
}

/// This rank's part of a vector that lies on every rank, and back.
inline std::vector<double> gathered(Vec natural) {
  VecScatter scatter = nullptr;
  Vec all = nullptr;
  LINNET_CHECK(VecScatterCreateToAll(natural, &scatter, &all));
  LINNET_CHECK(VecScatterBegin(scatter, natural, all, INSERT_VALUES, SCATTER_FORWARD));
  LINNET_CHECK(VecScatterEnd(scatter, natural, all, INSERT_VALUES, SCATTER_FORWARD));
  PetscInt size = 0;
  const PetscScalar* values = nullptr;
  LINNET_CHECK(VecGetSize(all, &size));
  LINNET_CHECK(VecGetArrayRead(all, &values));
  std::vector<double> result(values, values + size);
  LINNET_CHECK(VecRestoreArrayRead(all, &values));
  LINNET_CHECK(VecDestroy(&all));
  LINNET_CHECK(VecScatterDestroy(&scatter));
  return result;
}

/// A matrix on a DMDA and a PC of type neural for it.
class NeuralCase {
public:
  NeuralCase(MPI_Comm comm, const DiffusionCase& c, const std::string& path)
      : n_(c.points), da_(make_da(comm, c)), matrix_(make_matrix(da_.get(), c)) {
    LINNET_CHECK(PCCreate(comm, &pc_));
    LINNET_CHECK(PCSetDM(pc_, da_.get()));
    LINNET_CHECK(PCSetOperators(pc_, matrix_.get(), matrix_.get()));
    LINNET_CHECK(PCSetType(pc_, PCNEURAL));
    LINNET_CHECK(krylov::PCNeuralSetModel(pc_, path.c_str()));
  }
  ~NeuralCase() { PCDestroy(&pc_); }
  NeuralCase(const NeuralCase&) = delete;
  NeuralCase& operator=(const NeuralCase&) = delete;

  [[nodiscard]] DM da() const { return da_.get(); }
  [[nodiscard]] Mat matrix() const { return matrix_.get(); }
  [[nodiscard]] PC pc() const { return pc_; }

  [[nodiscard]] core::Owned<Vec> vector(const std::vector<double>& natural) const {
    Vec v = nullptr;
    DMDALocalInfo info;
    PetscScalar* values = nullptr;
    LINNET_CHECK(DMCreateGlobalVector(da_.get(), &v));
    LINNET_CHECK(DMDAGetLocalInfo(da_.get(), &info));
    LINNET_CHECK(VecGetArray(v, &values));
    std::size_t at = 0;
    for (int k = info.zs; k < info.zs + info.zm; ++k)
      for (int j = info.ys; j < info.ys + info.ym; ++j)
        for (int i = info.xs; i < info.xs + info.xm; ++i)
          values[at++] = natural[static_cast<std::size_t>(i + n_[0] * (j + n_[1] * k))];
    LINNET_CHECK(VecRestoreArray(v, &values));
    return core::Owned<Vec>(v);
  }
  [[nodiscard]] std::vector<double> natural(Vec v) const {
    Vec natural = nullptr;
    LINNET_CHECK(DMDACreateNaturalVector(da_.get(), &natural));
    const core::Owned<Vec> owned(natural);
    LINNET_CHECK(DMDAGlobalToNaturalBegin(da_.get(), v, INSERT_VALUES, natural));
    LINNET_CHECK(DMDAGlobalToNaturalEnd(da_.get(), v, INSERT_VALUES, natural));
    return gathered(natural);
  }
  [[nodiscard]] std::vector<double> direction(const std::vector<double>& residual) const {
    const core::Owned<Vec> r = vector(residual), d = vector(residual);
    LINNET_CHECK(PCApply(pc_, r.get(), d.get()));
    return natural(d.get());
  }

private:
  core::Index3 n_;
  core::Owned<DM> da_;
  core::Owned<Mat> matrix_;
  PC pc_ = nullptr;
};

/// Rows first to last - 1 of @p from, which this rank can read, as rows of @p to.
inline void copy_rows(Mat from, Mat to, PetscInt first, PetscInt last) {
  for (PetscInt row = first; row < last; ++row) {
    PetscInt count = 0;
    const PetscInt* columns = nullptr;
    const PetscScalar* values = nullptr;
    LINNET_CHECK(MatGetRow(from, row, &count, &columns, &values));
    LINNET_CHECK(MatSetValues(to, 1, &row, count, columns, values, INSERT_VALUES));
    LINNET_CHECK(MatRestoreRow(from, row, &count, &columns, &values));
  }
  LINNET_CHECK(MatAssemblyBegin(to, MAT_FINAL_ASSEMBLY));
  LINNET_CHECK(MatAssemblyEnd(to, MAT_FINAL_ASSEMBLY));
}

/// The AIJ matrix of @p c in natural numbering on all ranks, rows cut by PETSc, without a DM.
inline core::Owned<Mat> natural_matrix(const DiffusionCase& c) {
  const core::Owned<DM> da(make_da(PETSC_COMM_SELF, c));
  const core::Owned<Mat> serial(make_matrix(da.get(), c));
  const auto n = static_cast<PetscInt>(core::volume(c.points));
  Mat a = nullptr;
  PetscInt first = 0, last = 0;
  LINNET_CHECK(
      MatCreateAIJ(PETSC_COMM_WORLD, PETSC_DECIDE, PETSC_DECIDE, n, n, 7, nullptr, 7, nullptr, &a));
  LINNET_CHECK(MatGetOwnershipRange(a, &first, &last));
  copy_rows(serial.get(), a, first, last);
  return core::Owned<Mat>(a);
}

/// Eighths whose sum of squares is exact, in any order.
inline std::vector<double> exact_values(const core::Index3& n, std::uint64_t seed) {
  const core::RandomStream random(seed, 0);
  std::vector<double> values(static_cast<std::size_t>(core::volume(n)));
  for (std::size_t i = 0; i < values.size(); ++i)
    values[i] = std::floor(17.0 * random.uniform(i)) / 8.0 - 1.0;
  return values;
}

/// Solid: a block that touches a side, and single cells.
inline double with_solids(int i, int j, int k) {
  const bool block = i < 3 && j >= 2 && j < 5;
  return block || (7 * i + 5 * j + 3 * k) % 11 == 0 ? 0.0 : 1.0;
}

inline DiffusionCase grid_of(int dimension, const core::Index3& points, bool solids = false) {
  DiffusionCase c;
  c.dimension = dimension;
  c.points = points;
  if (solids) c.kappa = test::with_solids;
  return c;
}

struct Outcome {
  PetscInt iterations = 0;
  KSPConvergedReason reason = KSP_CONVERGED_ITERATING;
  double true_residual = 0.0; ///< |b - A x| / |b|
  double energy = 0.0;        ///< x.A x / 2 - b.x: below 0, its value at the start, and falling
  std::string error;          ///< of PETSc
};

inline Outcome solve(const NeuralCase& c, const char* type, double rtol = 1e-8,
                     PetscInt max_it = 500) {
  KSP ksp = nullptr;
  Vec x = nullptr, b = make_vector(c.da(), 7), r = nullptr;
  const auto pc = reinterpret_cast<PetscObject>(c.pc());
  Outcome out;
  LINNET_CHECK(KSPCreate(PetscObjectComm(pc), &ksp));
  LINNET_CHECK(KSPSetOperators(ksp, c.matrix(), c.matrix()));
  LINNET_CHECK(KSPSetType(ksp, type));
  LINNET_CHECK(KSPSetPC(ksp, c.pc()));
  LINNET_CHECK(KSPSetTolerances(ksp, rtol, 1e-300, PETSC_DEFAULT, max_it));
  if (std::string(type) == KSPDCDM) LINNET_CHECK(KSPSetFromOptions(ksp));
  if (std::string(type) == KSPFCG) LINNET_CHECK(KSPSetNormType(ksp, KSP_NORM_UNPRECONDITIONED));
  LINNET_CHECK(VecDuplicate(b, &x));
  LINNET_CHECK(VecDuplicate(b, &r));
  {
    const Messages messages;
    if (KSPSolve(ksp, b, x) != PETSC_SUCCESS) out.error = messages.text();
  }
  if (out.error.empty()) {
    double size = 0.0;
    LINNET_CHECK(KSPGetIterationNumber(ksp, &out.iterations));
    LINNET_CHECK(KSPGetConvergedReason(ksp, &out.reason));
    LINNET_CHECK(MatMult(c.matrix(), x, r));
    LINNET_CHECK(VecAYPX(r, -1.0, b));
    LINNET_CHECK(VecNorm(r, NORM_2, &out.true_residual));
    LINNET_CHECK(VecNorm(b, NORM_2, &size));
    out.true_residual /= size;
    LINNET_CHECK(VecAXPY(r, 1.0, b)); // 2 b - A x
    LINNET_CHECK(VecDot(x, r, &out.energy));
    out.energy *= -0.5;
  }
  LINNET_CHECK(VecDestroy(&r));
  LINNET_CHECK(VecDestroy(&x));
  LINNET_CHECK(VecDestroy(&b));
  LINNET_CHECK(KSPDestroy(&ksp));
  return out;
}

/// What PCSetUp says.
inline std::string refusal(PC pc) {
  const Messages messages;
  return PCSetUp(pc) == PETSC_SUCCESS ? "accepted" : messages.text();
}

} // namespace linnet::test
