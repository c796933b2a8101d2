// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/krylov/direction_window.hpp>

namespace linnet::krylov {

std::vector<Vec> DirectionWindow::images() const {
  std::vector<Vec> list;
  for (PetscInt i = 0; i < size(); ++i) list.push_back(image(i));
  return list;
}

std::vector<Vec> DirectionWindow::directions() const {
  std::vector<Vec> list;
  for (PetscInt i = 0; i < size(); ++i) list.push_back(direction(i));
  return list;
}

void DirectionWindow::clear() {
  for (Entry& entry : p_) spare_.push_back(std::move(entry));
  p_.clear();
}

void DirectionWindow::add(Vec p, Vec ap, double energy) {
  if (most_ == 0) return;
  Entry entry;
  if (size() == most_) {
    entry = std::move(p_.front());
    p_.erase(p_.begin());
  } else if (!spare_.empty()) {
    entry = std::move(spare_.back());
    spare_.pop_back();
  } else {
    for (core::Owned<Vec>* vec : {&entry.p, &entry.ap}) {
      Vec v = nullptr;
      LINNET_CHECK(VecDuplicate(pattern_, &v));
      vec->reset(v);
    }
  }
  LINNET_CHECK(VecCopy(p, entry.p.get()));
  LINNET_CHECK(VecCopy(ap, entry.ap.get()));
  entry.energy = energy;
  p_.push_back(std::move(entry));
}

} // namespace linnet::krylov
