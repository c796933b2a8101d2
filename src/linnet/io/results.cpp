// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/io/results.hpp>

#include <linnet/core/agreement.hpp>
#include <linnet/core/error.hpp>
#include <linnet/core/version.hpp>
#include <linnet/io/atomic_file.hpp>

#include <nlohmann/json.hpp>

#include <sys/resource.h>

#include <cmath>
#include <fstream>
#include <numeric>

namespace linnet::io {
namespace {

using Json = nlohmann::ordered_json;

/// JSON has no numbers that are not finite.
Json finite(double x) { return std::isfinite(x) ? Json(x) : Json(nullptr); }

Json to_value(const ResultValue& value) {
  return std::visit(
      [](const auto& x) -> Json {
        using T = std::decay_t<decltype(x)>;
        if constexpr (std::is_same_v<T, double>) {
          return finite(x);
        } else if constexpr (std::is_same_v<T, std::vector<double>>) {
          Json list = Json::array();
          for (const double entry : x) list.push_back(finite(entry));
          return list;
        } else {
          return Json(x);
        }
      },
      value);
}

void add_fixed_keys(Json& json, const Results& r) {
  json["app"] = r.app;
  json["version"] = r.version;
  json["command"] = r.command;
  json["ranks"] = r.ranks;
  json["unknowns"] = r.unknowns;
  json["iterations"] = std::accumulate(r.iterations_per_solve.begin(), r.iterations_per_solve.end(),
                                       std::int64_t{0});
  json["iterations_per_solve"] = r.iterations_per_solve;
  json["converged"] = r.converged;
  json["reason"] = r.reason;
  json["relative_residual"] = finite(r.relative_residual);
  json["setup_seconds"] = finite(r.setup_seconds);
  json["solve_seconds"] = finite(r.solve_seconds);
  json["total_seconds"] = finite(r.total_seconds);
  json["peak_memory_mb"] = finite(r.peak_memory_mb);
  json["outputs"] = r.outputs;
  json["errors"] = Json::object();
  for (const auto& [name, value] : r.errors) json["errors"][name] = finite(value);
}

/// Peak resident memory of this process in kB.
double peak_memory_kb() {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);)
    if (line.rfind("VmHWM:", 0) == 0) return std::atof(line.c_str() + 6);
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_maxrss);
}

} // namespace

Results::Results() : version(LINNET_VERSION " (" LINNET_GIT_COMMIT ")") {}

std::string to_json(const Results& results) {
  Json json;
  add_fixed_keys(json, results);
  for (const auto& [object, entries] : results.objects) {
    if (json.contains(object))
      throw core::Error(core::ExitCode::internal, "results: '" + object + "' is a reserved key");
    json[object] = Json::object();
    for (const auto& [name, value] : entries) json[object][name] = to_value(value);
  }
  // Paths and command lines may hold any bytes; a bad one must not cost the results.
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

void write_results(MPI_Comm comm, const std::string& path, const Results& results) {
  core::on_first_rank(comm, [&] {
    create_parent_folder(path);
    write_file_atomically(path, to_json(results));
  });
}

double peak_memory_mb(MPI_Comm comm) {
  double total = peak_memory_kb() * 1024 / 1e6;
  MPI_Allreduce(MPI_IN_PLACE, &total, 1, MPI_DOUBLE, MPI_SUM, comm);
  return total;
}

} // namespace linnet::io
