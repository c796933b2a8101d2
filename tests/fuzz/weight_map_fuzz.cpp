// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
// A map from anybody, for a small network and the tensors of one.
#include "target.hpp"

#include <linnet/core/kokkos_session.hpp>
#include <linnet/nn/interchange/mapped_deeponet.hpp>
#include <linnet/nn/interchange/mapped_mgno.hpp>
#include <linnet/nn/interchange/mapped_normalisation.hpp>

#include <cstdlib>

namespace {

linnet::io::Safetensors tensors() {
  linnet::io::Safetensors file;
  const auto add = [&](const std::string& name, const linnet::io::Shape& shape) {
    const auto size = static_cast<std::size_t>(linnet::io::Slab{{}, shape}.size());
    file.tensors[name] = {"F32", shape, std::vector<double>(size, 1.0)};
  };
  add("0.weight", {3, 2});
  add("0.bias", {3});
  add("2.weight", {3, 3});
  add("2.bias", {3});
  add("count", {});
  return file;
}

/// Of a multigrid neural operator of one layer and two grids.
linnet::io::Safetensors cycle_tensors() {
  linnet::io::Safetensors file;
  const auto add = [&](const std::string& name, const linnet::io::Shape& shape) {
    const auto size = static_cast<std::size_t>(linnet::io::Slab{{}, shape}.size());
    file.tensors[name] = {"F32", shape, std::vector<double>(size, 1.0)};
  };
  add("0.0.0.S", {2, 1, 3, 3});
  add("0.1.1.S", {2, 1, 3, 3});
  add("0.1.1.A", {1, 2, 3, 3});
  add("0.0.Pi", {2, 2, 3, 3});
  add("0.0.R", {1, 1, 3, 3});
  add("0.0.P", {2, 2, 4, 4});
  add("0.0.norm", {2, 8, 8});
  add("head", {1, 2, 1, 1});
  add("mean", {8, 8});
  add("std", {});
  return file;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace linnet;
  if (core::ensure_kokkos() != 0) std::abort();
  static const nn::ResolvedGraph graph =
      nn::resolve({.dimension = 1,
                   .nodes = {{"u", "input", {}, {{"channels", 2}}},
                             {"one", "dense", {"u"}, {{"units", 3}}},
                             {"two", "dense", {"one"}, {{"units", 3}}}},
                   .output = "two"});
  static const io::Safetensors file = tensors(), cycle = cycle_tensors();
  fuzz::expect_result_or_refusal([&] {
    const nn::WeightMap map =
        nn::weight_map_from_json(std::string(fuzz::text_of(data, size)), "map.json");
    fuzz::expect_result_or_refusal([&] {
      io::Safetensors changed = file;
      nn::mapped_deeponet({.split = nn::OutputSplit::both, .outputs = 3, .zero_sides = 3}, map,
                          changed, "tensors");
    });
    fuzz::expect_result_or_refusal([&] {
      const nn::ResolvedGraph network =
          nn::resolve(nn::mgno_graph(nn::mapped_mgno({}, map, cycle, "tensors")));
      fuzz::expect_result_or_refusal(
          [&] { nn::mapped_parameters(network, map, cycle, "tensors"); });
      nn::mapped_normalisation(network, map, cycle, "tensors");
    });
    fuzz::expect_result_or_refusal([&] { nn::mapped_normalisation(graph, map, file, "tensors"); });
    nn::mapped_parameters(graph, map, file, "tensors");
  });
  return 0;
}
