// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/nonlinear/state_network.hpp>

#include <linnet/core/kokkos_session.hpp>
#include <linnet/problems/cells/cell_array.hpp>

#include <petscdmda.h>

#include <algorithm>
#include <cmath>

namespace linnet::nonlinear {
namespace {

DM da_of(SNES snes, const std::string& type) {
  DM dm = nullptr;
  PetscBool is_da = PETSC_FALSE;
  LINNET_CHECK(SNESGetDM(snes, &dm));
  LINNET_CHECK(PetscObjectTypeCompare(reinterpret_cast<PetscObject>(dm), DMDA, &is_da));
  if (!is_da)
    core::throw_usage(type + ": the SNES has no DMDA, which tells the grid of the network; give it "
                             "one by SNESSetDM");
  return dm;
}

core::Owned<Vec> like(Vec u) {
  Vec v = nullptr;
  LINNET_CHECK(VecDuplicate(u, &v));
  return core::Owned<Vec>(v);
}

} // namespace

StateNetwork::StateNetwork(SNES snes, const std::string& path, const std::string& inputs,
                           std::int64_t byte_limit, const NetworkNames& names)
    : names_(names) {
  if (path.empty())
    core::throw_usage(names_.type + ": no network; name its file with " + names_.model_option +
                      " FILE.h5");
  LINNET_CHECK(core::ensure_kokkos());
  const DM da = da_of(snes, names_.type);
  model_ = nn::load_model(PetscObjectComm(reinterpret_cast<PetscObject>(snes)), path, byte_limit);
  inputs_ = inputs_of(model_, inputs, path, names_.inputs_option);
  correction_ = takes_residual(inputs_);
  operator_ = std::make_unique<nn::GridOperator>(da, model_, static_cast<int>(inputs_.size()),
                                                 names_.type, path);
  own_.resize(inputs_.size());
}

Vec StateNetwork::field_of(SNES snes, const std::string& name, bool needed) const {
  PetscObject object = nullptr;
  DM dm = nullptr;
  Mat jacobian = nullptr;
  LINNET_CHECK(SNESGetDM(snes, &dm));
  LINNET_CHECK(SNESGetJacobian(snes, &jacobian, nullptr, nullptr, nullptr));
  for (PetscObject holder : {reinterpret_cast<PetscObject>(dm), reinterpret_cast<PetscObject>(snes),
                             reinterpret_cast<PetscObject>(jacobian)})
    if (!object && holder) LINNET_CHECK(PetscObjectQuery(holder, name.c_str(), &object));
  if (!object && needed)
    core::throw_usage(names_.type + ": the network takes '" + name +
                      "', and neither DMDA nor SNES nor Jacobian carries such a Vec; compose it "
                      "there under this name");
  return reinterpret_cast<Vec>(object);
}

Vec StateNetwork::channel(SNES snes, std::size_t number, Vec u, Vec F, double scale) {
  const InputChannel& input = inputs_[number];
  if (input.kind == ChannelKind::state) return u;
  if (input.kind == ChannelKind::field) return field_of(snes, input.name, true);
  if (!own_[number]) own_[number] = like(u);
  const Vec v = own_[number].get();
  if (input.kind == ChannelKind::residual) {
    LINNET_CHECK(VecAXPBY(v, -1.0 / scale, 0.0, F));
    return v;
  }
  LINNET_CHECK(VecCopy(field_of(snes, input.name, true), v));
  LINNET_CHECK(VecLog(v));
  return v;
}

void StateNetwork::set_masked(SNES snes, Vec u, Vec F, Vec result) const {
  const Vec mask = field_of(snes, mask_key, false);
  if (!mask) return;
  DM da = nullptr;
  LINNET_CHECK(SNESGetDM(snes, &da));
  const grid::IndexBox box = problems::owned_cells(da);
  using problems::CellArray;
  const CellArray solid(mask, box, grid::Access::read), f(F, box, grid::Access::read),
      state(u, box, grid::Access::read), to(result, box, grid::Access::read_write);
  problems::visit_cells(box, [&](int i, int j, int k) {
    if (solid(i, j, k) != 0.0) to(i, j, k) = (correction_ ? 0.0 : state(i, j, k)) - f(i, j, k);
  });
}

void StateNetwork::apply(SNES snes, Vec u, Vec F, Vec result) {
  PetscReal norm = 0.0;
  PetscInt n = 0;
  LINNET_CHECK(VecNorm(F, NORM_2, &norm));
  LINNET_CHECK(VecGetSize(F, &n));
  const double scale = norm / std::sqrt(static_cast<double>(std::max<PetscInt>(n, 1)));
  if (correction_ && scale == 0.0) {
    LINNET_CHECK(VecZeroEntries(result));
    return;
  }
  std::vector<Vec> channels;
  for (std::size_t c = 0; c < inputs_.size(); ++c)
    channels.push_back(channel(snes, c, u, F, scale));
  operator_->apply(channels, result);
  if (correction_) LINNET_CHECK(VecScale(result, scale));
  set_masked(snes, u, F, result);
}

} // namespace linnet::nonlinear
