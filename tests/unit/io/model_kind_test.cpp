// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/io/model_kind.hpp>

#include <linnet/core/error.hpp>
#include <linnet/io/model_file.hpp>

#include "scratch.hpp"

using namespace linnet;
using namespace linnet::test;
using io::ModelKind;

namespace {

std::string refusal(const std::string& graph) {
  try {
    io::refuse_kind("a.h5", graph, "-pc_mgno_model takes weights");
  } catch (const core::Error& error) {
    EXPECT_EQ(error.code(), core::ExitCode::data);
    return error.what();
  }
  return "";
}

constexpr const char* network = R"({"nodes":[{"id":"x","op":"input"}],"output":"x"})";
constexpr const char* deeponet =
    R"({"nodes":[{"id":"x","op":"input"},{"id":"y","op":"inner_product"}],"output":"y"})";

} // namespace

TEST(ModelKind, IsToldByTheGraph) {
  EXPECT_EQ(io::model_kind(network), ModelKind::network);
  EXPECT_EQ(io::model_kind(deeponet), ModelKind::deeponet);
  EXPECT_EQ(io::model_kind(R"({"cycle":"obstacle","version":1})"), ModelKind::cycle);
  EXPECT_EQ(io::model_kind(R"({"basis":"pod"})"), ModelKind::basis);
  for (const char* text : {"", "{", "7", "[]", "{}", R"("cycle")", R"(["basis"])"})
    EXPECT_EQ(io::model_kind(text), ModelKind::unknown) << text;
  // Of anybody's file.
  EXPECT_EQ(io::model_kind(R"({"nodes":7})"), ModelKind::network);
  EXPECT_EQ(io::model_kind(R"({"nodes":[7,{"op":[]}]})"), ModelKind::network);
}

TEST(ModelKind, MessageNamesTheOptionThatTakesTheFile) {
  EXPECT_EQ(refusal(R"({"basis":"pod"})"),
            "a.h5: holds a basis, which -pc_basis_file takes; -pc_mgno_model takes weights");
  expect_contains(refusal(network), "-ksp_guess_operator_model");
  expect_contains(refusal(deeponet), "holds a DeepONet, which -pc_neural_model");
  expect_contains(refusal(R"({"cycle":"obstacle"})"), "which -pc_mgno_model takes; ");
  EXPECT_EQ(refusal("{}"), "");
}

// Its kind is the fault of a file, whatever its size.
TEST(ModelKind, IsNamedBeforeTheLimitOfBytes) {
  const Scratch scratch;
  const std::string path = scratch / "model.h5";
  io::ModelFile file;
  file.graph = network;
  file.parameters["a"] = {{1000}, std::vector<double>(1000, 1.0), "weight"};
  io::write_model(PETSC_COMM_WORLD, path, file);
  const auto error_of = [&](const io::ExpectedShapes& expected) -> std::string {
    try {
      io::read_model(PETSC_COMM_WORLD, path, expected, 100);
    } catch (const core::Error& error) {
      return error.what();
    }
    return "";
  };
  using Shapes = std::map<std::string, io::Shape>;
  EXPECT_EQ(error_of([&](const std::string& graph) -> Shapes {
              io::refuse_kind(path, graph, "a basis is needed here");
              return {};
            }),
            path + ": holds a network from field to field, which -pc_neural_model, "
                   "-ksp_guess_operator_model, -snes_neural_model and -predict_model take; a basis "
                   "is needed here");
  expect_contains(error_of([](const std::string&) -> Shapes {
                    return {{"a", {1000}}};
                  }),
                  "raise the limit of bytes");
}
