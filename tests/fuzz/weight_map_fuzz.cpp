// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
// A map from anybody, for a small network and the tensors of one.
#include "target.hpp"

#include <linnet/core/kokkos_session.hpp>
#include <linnet/nn/weight_map.hpp>

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
  static const io::Safetensors file = tensors();
  fuzz::expect_result_or_refusal([&] {
    const nn::WeightMap map =
        nn::weight_map_from_json(std::string(fuzz::text_of(data, size)), "map.json");
    fuzz::expect_result_or_refusal([&] { nn::mapped_deeponet({}, map, file, "tensors"); });
    nn::mapped_parameters(graph, map, file, "tensors");
  });
  return 0;
}
