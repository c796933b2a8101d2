// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/krylov/stored_solves.hpp>

#include <linnet/core/agreement.hpp>
#include <linnet/io/checkpoint.hpp>
#include <linnet/io/h5_file.hpp>
#include <linnet/io/vec_layout.hpp>

#include <algorithm>
#include <cmath>
#include <numeric>

namespace linnet::krylov {
namespace {

constexpr std::uint64_t sketch_seed = 20240229;
constexpr const char* application = "stored solves";
constexpr const char* count_name = "solves";
constexpr std::int64_t most_solves = 1 << 20;

std::string dataset_name(std::size_t number) { return "solution_" + std::to_string(number); }

MPI_Comm comm_of(Vec v) { return PetscObjectComm(reinterpret_cast<PetscObject>(v)); }

core::Owned<Vec> referenced(Vec v) {
  LINNET_CHECK(PetscObjectReference(reinterpret_cast<PetscObject>(v)));
  return core::Owned<Vec>(v);
}

} // namespace

StoredSolves::StoredSolves(Vec like, int capacity, int keys)
    : like_(referenced(like)), capacity_(static_cast<std::size_t>(capacity)),
      sketch_(like, keys, sketch_seed) {
  solves_.reserve(capacity_);
  order_.reserve(capacity_);
  nearness_.reserve(capacity_);
}

bool StoredSolves::fits(Vec v) const {
  PetscLayout mine = nullptr, theirs = nullptr;
  PetscBool same = PETSC_FALSE;
  LINNET_CHECK(VecGetLayout(like_.get(), &mine));
  LINNET_CHECK(VecGetLayout(v, &theirs));
  LINNET_CHECK(PetscLayoutCompare(mine, theirs, &same));
  return same == PETSC_TRUE;
}

std::int64_t StoredSolves::bytes() const {
  PetscInt rows = 0;
  LINNET_CHECK(VecGetLocalSize(like_.get(), &rows));
  std::int64_t vectors = 0;
  for (const Solve& solve : solves_) vectors += 1 + (solve.image ? 1 : 0);
  const std::int64_t sketch = 4 * ((sketch_.keys() + 7) / 8 * 8);
  return rows * (8 * vectors + sketch);
}

double StoredSolves::key_of(Vec b, std::span<double> key) const {
  sketch_.apply(b, key);
  const double length = std::sqrt(std::inner_product(key.begin(), key.end(), key.begin(), 0.0));
  if (length > 0.0 && std::isfinite(length))
    for (double& value : key) value /= length;
  return length;
}

std::span<const int> StoredSolves::nearest(std::span<const double> key, int count) {
  order_.resize(solves_.size());
  nearness_.resize(solves_.size());
  std::iota(order_.begin(), order_.end(), 0);
  for (std::size_t i = 0; i < solves_.size(); ++i)
    nearness_[i] =
        std::abs(std::inner_product(key.begin(), key.end(), solves_[i].key.begin(), 0.0));
  const auto found = std::min(order_.size(), at(count));
  const auto nearer = [&](int a, int b) {
    const double na = nearness_[at(a)], nb = nearness_[at(b)];
    return na != nb ? na > nb : a < b;
  };
  std::partial_sort(order_.begin(), order_.begin() + std::ptrdiff_t(found), order_.end(), nearer);
  ++clock_;
  for (std::size_t i = 0; i < found; ++i) solves_[at(order_[i])].used = clock_;
  return {order_.data(), found};
}

core::Owned<Vec> StoredSolves::vector() const {
  Vec v = nullptr;
  LINNET_CHECK(VecDuplicate(like_.get(), &v));
  return core::Owned<Vec>(v);
}

void StoredSolves::multiply(Solve& solve, const PresentMatrix& A) {
  if (!solve.image) solve.image = vector();
  LINNET_CHECK((A.state.transposed ? MatMultTranspose : MatMult)(A.matrix, solve.solution.get(),
                                                                 solve.image.get()));
  ++products_;
  solve.image_of = A.state;
  if (solve.key_of == solve.image_of) return;
  const double length = key_of(solve.image.get(), solve.key);
  if (!(length > 0.0 && std::isfinite(length))) std::fill(solve.key.begin(), solve.key.end(), 0.0);
  solve.key_of = solve.image_of;
}

Vec StoredSolves::image(int number, const PresentMatrix& A) {
  Solve& solve = solves_[at(number)];
  if (!solve.image || solve.image_of != A.state) multiply(solve, A);
  return solve.image.get();
}

StoredSolves::Solve& StoredSolves::slot() {
  if (solves_.size() < capacity_) {
    solves_.emplace_back().solution = vector();
    solves_.back().key.resize(static_cast<std::size_t>(keys()));
    return solves_.back();
  }
  return *std::min_element(solves_.begin(), solves_.end(),
                           [](const Solve& a, const Solve& b) { return a.used < b.used; });
}

void StoredSolves::add(std::span<const double> key, Vec x, const PresentMatrix& A) {
  Solve& solve = slot();
  LINNET_CHECK(VecCopy(x, solve.solution.get()));
  std::copy(key.begin(), key.end(), solve.key.begin());
  solve.image_of = {};
  solve.key_of = A.state;
  solve.used = ++clock_;
}

std::string StoredSolves::other_size(const std::string& path) const {
  const MPI_Comm comm = comm_of(like_.get());
  io::CheckpointState file;
  file.application = application;
  io::load_checkpoint(comm, path, file, true); // is it one of ours?
  const io::H5File opened = io::H5File::open(comm, path);
  const std::string first = "/vectors/" + dataset_name(0);
  if (!opened.exists(first)) return {};
  io::Shape shape;
  core::together(comm, [&] { shape = io::layout_of(like_.get()).full_shape(); });
  const io::Shape found = opened.info(first).shape;
  return found == shape ? ""
                        : "the shape " + io::to_string(found) + ", not " + io::to_string(shape);
}

int StoredSolves::load(const std::string& path, const PresentMatrix& A) {
  io::CheckpointState file;
  file.application = application;
  file.integers[count_name] = 0;
  io::load_checkpoint(comm_of(like_.get()), path, file, true);
  const std::int64_t count = file.integers[count_name];
  if (count < 0 || count > most_solves)
    core::throw_data(path + ": holds " + std::to_string(count) + " solves; 0 to 2^20 are possible");
  const auto wanted = std::min(static_cast<std::size_t>(count), capacity_ - solves_.size());
  std::vector<core::Owned<Vec>> solutions;
  for (std::size_t i = 0; i < wanted; ++i) {
    solutions.push_back(vector());
    file.vectors[dataset_name(i)] = solutions.back().get();
  }
  io::load_checkpoint(comm_of(like_.get()), path, file, true);
  for (auto solution = solutions.rbegin(); solution != solutions.rend(); ++solution) {
    Solve& solve = solves_.emplace_back();
    solve.solution = std::move(*solution);
    solve.key.resize(static_cast<std::size_t>(keys()));
    solve.used = ++clock_;
    multiply(solve, A);
    const auto zero = [](double value) { return value == 0.0; };
    if (std::all_of(solve.key.begin(), solve.key.end(), zero)) solves_.pop_back(); // tells nothing
  }
  return size();
}

std::vector<int> StoredSolves::latest_first() const {
  std::vector<int> order(solves_.size());
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(),
                   [&](int a, int b) { return solves_[at(a)].used > solves_[at(b)].used; });
  return order;
}

void StoredSolves::save(const std::string& path) const {
  io::CheckpointState file;
  file.application = application;
  file.integers[count_name] = size();
  std::size_t next = 0;
  for (const int number : latest_first()) file.vectors[dataset_name(next++)] = solution(number);
  io::save_checkpoint(comm_of(like_.get()), path, file);
}

} // namespace linnet::krylov
