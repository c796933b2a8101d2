// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
// Values of a DeepONet in a model file.
//   usage: PROGRAM MODEL < numbers
// Reads the number of functions and of points, the functions at the sensors, then the points;
// writes (function, output, point), point fastest.
#include <linnet/core/error.hpp>
#include <linnet/core/kokkos_session.hpp>
#include <linnet/core/petsc.hpp>
#include <linnet/nn/deeponet/deeponet.hpp>
#include <linnet/nn/network/model.hpp>

#include <petscsys.h>

#include <cstdio>
#include <iostream>
#include <vector>

namespace {

std::vector<double> numbers(std::size_t count) {
  std::vector<double> values(count);
  for (double& value : values) std::cin >> value;
  return values;
}

void evaluate(const char* path) {
  using namespace linnet::nn;
  DeepONet network(load_model(PETSC_COMM_WORLD, path), path);
  std::size_t functions = 0, points = 0;
  std::cin >> functions >> points;
  const DeepONetParts& parts = network.parts();
  const auto inputs = numbers(functions * static_cast<std::size_t>(parts.sensors));
  const auto places = numbers(points * static_cast<std::size_t>(parts.coordinates));
  std::vector<double> values(functions * points * static_cast<std::size_t>(parts.outputs));
  network.evaluate(inputs, places, values);
  for (const double value : values) std::printf("%.17g\n", value);
}

} // namespace

int main(int argc, char** argv) {
  if (argc < 2 || PetscInitialize(&argc, &argv, nullptr, nullptr) != 0) return 2;
  try {
    LINNET_CHECK(linnet::core::ensure_kokkos());
    evaluate(argv[1]);
  } catch (const linnet::core::Error& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
  return PetscFinalize() == 0 ? 0 : 2;
}
