// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/core/owned.hpp>
#include <linnet/io/checkpoint.hpp>
#include <linnet/io/vec_array.hpp>
#include <linnet/nn/training/trainer.hpp>

#include <cmath>
#include <cstdio>
#include <map>
#include <sstream>

namespace linnet::nn {

namespace {

/// A buffer that all ranks hold, as a Vec over them: single precision is a part of double.
class SharedBuffer {
public:
  SharedBuffer(MPI_Comm comm, const kernels::Array<float>& values) : values_(values) {
    Vec v = nullptr;
    LINNET_CHECK(VecCreateMPI(comm, PETSC_DECIDE, static_cast<PetscInt>(values.extent(0)), &v));
    vec_.reset(v);
    const auto host = Kokkos::create_mirror_view_and_copy(Kokkos::HostSpace(), view());
    PetscInt begin = 0, end = 0;
    LINNET_CHECK(VecGetOwnershipRange(v, &begin, &end));
    const io::VecWriteArray array(v);
    for (PetscInt i = begin; i < end; ++i)
      array.data()[i - begin] = static_cast<double>(host(static_cast<std::size_t>(i)));
  }
  [[nodiscard]] Vec vec() const { return vec_.get(); }

  /// The Vec's values on all ranks.
  void give_back() const {
    VecScatter scatter = nullptr;
    Vec all = nullptr;
    LINNET_CHECK(VecScatterCreateToAll(vec_.get(), &scatter, &all));
    LINNET_CHECK(VecScatterBegin(scatter, vec_.get(), all, INSERT_VALUES, SCATTER_FORWARD));
    LINNET_CHECK(VecScatterEnd(scatter, vec_.get(), all, INSERT_VALUES, SCATTER_FORWARD));
    LINNET_CHECK(VecScatterDestroy(&scatter));
    const core::Owned<Vec> owner(all);
    const auto host = Kokkos::create_mirror_view_and_copy(Kokkos::HostSpace(), view());
    const io::VecReadArray array(all);
    for (std::size_t i = 0; i < values_.extent(0); ++i)
      host(i) = static_cast<float>(array.data()[i]);
    Kokkos::deep_copy(view(), host);
  }

private:
  [[nodiscard]] const Kokkos::View<float*, kernels::MemorySpace>& view() const { return values_; }
  kernels::Array<float> values_;
  core::Owned<Vec> vec_;
};

/// All digits, one epoch per line.
std::string to_text(const std::vector<EpochRecord>& history) {
  std::string text;
  char line[160];
  for (const EpochRecord& r : history) {
    std::snprintf(line, sizeof line, "%lld %a %a %a\n", static_cast<long long>(r.epoch), r.training,
                  r.validation, r.rate);
    text += line;
  }
  return text;
}

std::vector<EpochRecord> history_from(const std::string& text) {
  std::vector<EpochRecord> history;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    EpochRecord r;
    long long epoch = 0;
    if (std::sscanf(line.c_str(), "%lld %la %la %la", &epoch, &r.training, &r.validation,
                    &r.rate) == 4) {
      r.epoch = epoch;
      history.push_back(r);
    }
  }
  return history;
}

} // namespace

void require_training_checkpoint(MPI_Comm comm, const std::string& path,
                                 const std::string& fingerprint) {
  io::CheckpointState state{"train", {}, {}, {}, {{"fingerprint", ""}}};
  io::load_checkpoint(comm, path, state, true);
  if (state.strings["fingerprint"] != fingerprint)
    core::throw_data(path + ": is a checkpoint of other training: '" +
                     state.strings["fingerprint"] + "', not '" + fingerprint + "'");
}

/// Everything that the following steps depend on.
struct Trainer::State {
  io::CheckpointState checkpoint{"train", {}, {}, {}, {}};
  std::map<std::string, SharedBuffer> buffers;

  explicit State(const Trainer& t) {
    add(t.comm_, "parameters", t.parameters_);
    add(t.comm_, "best_parameters", t.best_);
    for (const auto& [name, values] : t.optimiser_->state()) add(t.comm_, name, values);
    checkpoint.integers["steps"] = t.steps();
    checkpoint.reals["epoch_loss"] = t.epoch_loss_;
    checkpoint.reals["best_validation"] = t.best_validation_;
    checkpoint.reals["seconds"] = t.seconds_;
    checkpoint.strings["history"] = to_text(t.history_);
  }
  void add(MPI_Comm comm, const std::string& name, const kernels::Array<float>& values) {
    const auto place = buffers.try_emplace(name, comm, values).first;
    checkpoint.vectors[name] = place->second.vec();
  }
};

void Trainer::save(const std::string& path, const std::string& fingerprint) const {
  State state(*this);
  state.checkpoint.strings["fingerprint"] = fingerprint;
  io::save_checkpoint(comm_, path, state.checkpoint);
}

void Trainer::load(const std::string& path, const std::string& fingerprint) {
  require_training_checkpoint(comm_, path, fingerprint);
  State state(*this);
  io::load_checkpoint(comm_, path, state.checkpoint, true);
  for (const auto& entry : state.buffers) entry.second.give_back();
  optimiser_->set_steps(state.checkpoint.integers["steps"]);
  epoch_loss_ = state.checkpoint.reals["epoch_loss"];
  best_validation_ = state.checkpoint.reals["best_validation"];
  seconds_ = state.checkpoint.reals["seconds"];
  history_ = history_from(state.checkpoint.strings["history"]);
}

} // namespace linnet::nn
