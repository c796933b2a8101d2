// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// -riesz_spectrum: eigenvalues in scaled units beside the symbol.
#include "output.hpp"
#include "runs.hpp"

#include <linnet/fractional/collocation_entries.hpp>
#include <linnet/fractional/riesz_symbol.hpp>

#include <petscblaslapack.h>

#include <algorithm>
#include <cmath>
#include <complex>
#include <numbers>

namespace app {

using namespace linnet::fractional;

namespace {

constexpr long most_rows = 4096;

using Eigenvalues = std::vector<std::complex<double>>;

/// Of A x = lambda M x, or of A alone; sorted by their real parts. Row by row, destroyed.
Eigenvalues eigenvalues(std::vector<double> a, std::vector<double> m, long size) {
  const auto n = static_cast<PetscBLASInt>(size);
  PetscBLASInt info = 0, ask = -1;
  const PetscBLASInt one = 1;
  double unused = 0.0, best = 0.0;
  if (!m.empty()) { // both transposed, and so M^-1 A has the transpose of A M^-1 as its columns
    std::vector<PetscBLASInt> pivots(static_cast<std::size_t>(size));
    LAPACKgesv_(&n, &n, m.data(), &n, pivots.data(), a.data(), &n, &info);
  }
  std::vector<double> real(static_cast<std::size_t>(size)), imaginary(real.size());
  LAPACKgeev_("N", "N", &n, a.data(), &n, real.data(), imaginary.data(), &unused, &one, &unused,
              &one, &best, &ask, &info);
  std::vector<double> work(static_cast<std::size_t>(best));
  const auto room = static_cast<PetscBLASInt>(work.size());
  LAPACKgeev_("N", "N", &n, a.data(), &n, real.data(), imaginary.data(), &unused, &one, &unused,
              &one, work.data(), &room, &info);
  if (info != 0)
    throw linnet::core::Error(linnet::core::ExitCode::not_converged,
                              "the eigenvalues did not converge; take a smaller -riesz_n");
  Eigenvalues values;
  for (std::size_t k = 0; k < real.size(); ++k) values.emplace_back(real[k], imaginary[k]);
  std::sort(values.begin(), values.end(), [](auto& x, auto& y) { return x.real() < y.real(); });
  return values;
}

/// theta_j = j pi / (N + 1), and a symbol there, sorted.
std::vector<double> samples(long size, const std::function<double(double)>& symbol) {
  std::vector<double> values;
  for (long j = 1; j <= size; ++j)
    values.push_back(
        symbol(std::numbers::pi * static_cast<double>(j) / static_cast<double>(size + 1)));
  std::sort(values.begin(), values.end());
  return values;
}

double largest_value(const std::function<double(double)>& symbol) {
  constexpr int points = 10000;
  double value = 0.0;
  for (int k = 1; k <= points; ++k) value = std::max(value, symbol(std::numbers::pi * k / points));
  return value;
}

/// Median distance over the largest value of the symbol.
double median_distance(const Eigenvalues& values, const std::vector<double>& symbol) {
  std::vector<double> distance;
  for (std::size_t j = 0; j < symbol.size(); ++j)
    distance.push_back(std::abs(values[j] - symbol[j]) / symbol.back());
  const auto middle = distance.begin() + static_cast<std::ptrdiff_t>(distance.size() / 2);
  std::nth_element(distance.begin(), middle, distance.end());
  return *middle;
}

double largest_imaginary_part(const Eigenvalues& values) {
  double part = 0.0;
  for (const auto& v : values) part = std::max(part, std::abs(v.imag()) / std::abs(v));
  return part;
}

Table table_of(const std::string& name, const Eigenvalues& values,
               const std::vector<double>& symbol) {
  Table table{name,
              {"real", "imaginary", "symbol"},
              {},
              {{"units", "scaled: knot spacing 1; sorted; symbol at j pi/(N+1), sorted"}}};
  for (std::size_t j = 0; j < values.size(); ++j)
    table.rows.insert(table.rows.end(), {values[j].real(), values[j].imag(), symbol[j]});
  return table;
}

} // namespace

void run_spectrum(AppContext& context) {
  require_writable_outputs(context, {"_spectrum.h5"});
  const Discretisation discretisation(context, make_problem(context));
  const RieszAxis& axis = discretisation.problem().operators.axis[0];
  const SplineBasis basis(axis.spans, static_cast<int>(axis.degree));
  const int p = basis.degree();
  const long size = basis.unknowns();
  if (size > most_rows)
    context.options().fail("-riesz_n", "must be at most " + std::to_string(most_rows) +
                                           " for -riesz_spectrum, got " +
                                           std::to_string(axis.spans));
  print_problem(context, discretisation);
  const RieszEntries riesz(basis, axis.alpha);
  const MassEntries mass(basis);
  const std::vector<double> a = dense_rows({{&riesz, 1.0}}, 0, size),
                            m = dense_rows({{&mass, 1.0}}, 0, size);
  const auto f = samples(size, [&](double t) { return riesz_symbol(p, axis.alpha, t); });
  const auto g =
      samples(size, [&](double t) { return riesz_symbol(p, axis.alpha, t) / mass_symbol(p, t); });
  const double begin = MPI_Wtime();
  const Eigenvalues of_a = eigenvalues(a, {}, size), of_pencil = eigenvalues(a, m, size);
  const double largest = largest_value([&](double t) { return riesz_symbol(p, axis.alpha, t); });
  const auto outliers =
      std::count_if(of_a.begin(), of_a.end(), [&](const auto& v) { return v.real() > largest; });
  const double scale = std::pow(static_cast<double>(axis.spans), axis.alpha);
  const double first = scale * of_pencil.front().real();
  context.print("  eigenvalues   of A: median distance to the symbol %.2e of its maximum, %d above "
                "it, imaginary parts up to %.1e\n",
                median_distance(of_a, f), static_cast<int>(outliers), largest_imaginary_part(of_a));
  context.print("                of A x = lambda M x: from %.6g to %.6g, imaginary parts up to "
                "%.1e\n",
                of_pencil.front().real(), of_pencil.back().real(),
                largest_imaginary_part(of_pencil));
  context.print("                n^alpha times the least: %.6g, the first eigenvalue of the "
                "operator on (0,1)\n",
                first);
  Summary summary;
  summary.solver = "LAPACK geev";
  summary.eigenvalue_seconds = MPI_Wtime() - begin;
  summary.own = {{"median_distance", median_distance(of_a, f)},
                 {"outliers", std::int64_t{outliers}},
                 {"first_eigenvalue", first},
                 {"imaginary_parts", largest_imaginary_part(of_a)},
                 {"imaginary_parts_of_pencil", largest_imaginary_part(of_pencil)},
                 {"least_of_pencil", of_pencil.front().real()}};
  const std::string stem = output_stem(context);
  if (!stem.empty()) {
    summary.files = {stem + "_spectrum.h5"};
    write_tables(context, summary.files[0],
                 {table_of("/eigenvalues", of_a, f), table_of("/pencil", of_pencil, g)});
  }
  finish(context, discretisation, summary);
}

} // namespace app
