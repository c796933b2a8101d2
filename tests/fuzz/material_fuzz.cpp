// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
// Material tables from anybody: refused, or such that the law solves steps with them.
#include "target.hpp"

#include <linnet/fem/material/materials.hpp>
#include <linnet/kernels/solid/viscoplastic_law.hpp>

#include <cmath>
#include <cstdlib>

namespace {

/// A step of the size of the material's own yield strain, between and outside of its rows.
void require_steps(const linnet::fem::Materials& materials, int i) {
  using namespace linnet::kernels;
  const SolidMaterial material = materials.on_host(i);
  for (const double t : {-1e3, 20.0, 900.0}) {
    const SolidParameters p = material.at(t);
    if (!std::isfinite(p.bulk) || !(p.shear > 0.0)) std::abort();
    const double size = (p.yield + p.drag) / p.shear;
    const double strain[6] = {size, -0.4 * size, 0.1 * size, size, 0.0, 0.5 * size};
    const double old[most_state] = {};
    double next[most_state], stress[6];
    const ViscoplasticLaw<double> law{p, material.backstresses, material.yields, material.viscous,
                                      1.0};
    if (!law.update(strain, old, next, stress).solved) std::abort();
  }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace linnet;
  fuzz::expect_result_or_refusal([&] {
    const std::string text(fuzz::text_of(data, size));
    const fem::Materials materials(fem::material_tables_from_json(text, "material.json"));
    if (materials.fingerprint().size() != 16) std::abort();
    if (materials.range(0).contains(materials.table(0).temperature.front()) == false) std::abort();
    for (int i = 0; i < materials.count(); ++i) require_steps(materials, i);
    static_cast<void>(materials.of_regions({"disk", "coat"}));
  });
  return 0;
}
