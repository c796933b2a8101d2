// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include "options.hpp"

namespace app {

void add_point_options(linnet::core::OptionTable& table) {
  table.group("Material point");
  table.add({.name = "-solid_point",
             .help = "JSON file: history of strains, stresses and temperatures, and the material"});
}

} // namespace app
