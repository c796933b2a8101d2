// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
// Histories of a material point from anybody: refused, or a few steps that end, one way or other.
#include "target.hpp"

#include <linnet/fem/material/materials.hpp>
#include <linnet/fem/material_point/point_table.hpp>

#include <algorithm>
#include <cstdlib>

namespace {

void walk(const linnet::fem::PointHistory& history) {
  using namespace linnet;
  const fem::Materials materials({history.material});
  try {
    fem::MaterialPoint point(history, materials.on_host(0));
    for (std::size_t i = 1; i < std::min<std::size_t>(4, history.times.size()); ++i)
      point.step(history.times[i]);
    const auto columns = fem::point_columns(history.uniaxial, materials.on_host(0).backstresses);
    if (fem::point_row(point, history.uniaxial).size() != columns.size()) std::abort();
  } catch (const core::Error& error) {
    if (error.code() != core::ExitCode::not_converged) throw;
  }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace linnet;
  fuzz::expect_result_or_refusal([&] {
    const std::string text(fuzz::text_of(data, size));
    const fem::PointHistory history = fem::point_history_from_json(text, "point.json");
    if (history.times.size() < 2) std::abort();
    walk(history);
  });
  return 0;
}
