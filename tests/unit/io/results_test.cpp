// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/core/version.hpp>
#include <linnet/io/results.hpp>

#include "scratch.hpp"

#include <nlohmann/json.hpp>

#include <limits>
#include <set>

using namespace linnet;
using namespace linnet::test;
using nlohmann::json;

TEST(Results, HasTheFixedKeys) {
  io::Results results;
  results.app = "diffusion";
  results.command = "diffusion -a \"b\"\n\xff";
  results.unknowns = std::int64_t{1} << 40;
  results.iterations_per_solve = {7, 8};
  results.relative_residual = 0.1 + 0.2;
  results.errors["l2"] = std::numeric_limits<double>::infinity();
  results.errors["max"] = 1e-300;
  results.objects["flux"] = {{"west", 1.5},
                             {"names", std::vector<std::string>{"a", "b"}},
                             {"bad", std::vector<double>{1, std::nan("")}}};
  const json parsed = json::parse(io::to_json(results));
  std::set<std::string> keys;
  for (const auto& item : parsed.items()) keys.insert(item.key());
  EXPECT_EQ(keys, (std::set<std::string>{"app", "version", "command", "ranks", "unknowns",
                                         "iterations", "iterations_per_solve", "converged",
                                         "reason", "relative_residual", "setup_seconds",
                                         "solve_seconds", "total_seconds", "peak_memory_mb",
                                         "outputs", "errors", "flux"}));
  EXPECT_EQ(parsed["iterations"], 15);
  EXPECT_EQ(parsed["unknowns"], std::int64_t{1} << 40);
  EXPECT_EQ(parsed["relative_residual"].get<double>(), 0.1 + 0.2); // all digits
  EXPECT_TRUE(parsed["errors"]["l2"].is_null());
  EXPECT_EQ(parsed["errors"]["max"].get<double>(), 1e-300);
  EXPECT_EQ(parsed["flux"]["west"], 1.5);
  EXPECT_TRUE(parsed["flux"]["bad"][1].is_null());
  expect_contains(parsed["version"].get<std::string>(), LINNET_VERSION);
}

TEST(Results, ObjectsDoNotHideFixedKeys) {
  io::Results results;
  results.objects["errors"] = {{"x", 1.0}};
  EXPECT_THROW((void)io::to_json(results), core::Error);
}

TEST(Results, AreWrittenByTheFirstRank) {
  const Scratch scratch;
  io::Results results;
  results.app = rank() == 0 ? "first" : "other";
  const std::string path = scratch / "deep/er/r.json";
  io::write_results(PETSC_COMM_WORLD, path, results);
  EXPECT_EQ(json::parse(read_bytes(path))["app"], "first");
  expect_contains(error_of([&] { io::write_results(PETSC_COMM_WORLD, scratch.folder(), results); }),
                  scratch.folder());
  expect_contains(
      error_of([&] { io::write_results(PETSC_COMM_WORLD, path + "/below/a/file", results); }),
      "folder cannot be created");
}

TEST(Results, MemoryIsAddedOverRanks) {
  const double alone = io::peak_memory_mb(PETSC_COMM_SELF);
  const double total = io::peak_memory_mb(PETSC_COMM_WORLD);
  EXPECT_GT(alone, 5);
  EXPECT_LT(alone, 5000);
  EXPECT_GE(total, alone);
  if (ranks() > 1) {
    EXPECT_GT(total, 1.3 * alone);
  }
}
