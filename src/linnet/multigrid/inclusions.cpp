// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/multigrid/inclusions.hpp>

#include <algorithm>
#include <cmath>
#include <map>

namespace linnet::multigrid {
namespace {

constexpr double fewest_points = 2;       // a single point is the smoother's business
constexpr std::size_t most_points = 4096; // a larger one is seen by the coarse grid
/// Least and most of what couples an inclusion to its surroundings, over the sum of its diagonal.
/// Below the least it is a piece of its own, and its constant a null vector up to rounding.
constexpr double least_outward = 8 * 2.2e-16;
constexpr double most_outward = 0.02;

bool is_inclusion(const ComponentPart& part) {
  return part.points >= fewest_points && part.points <= static_cast<double>(most_points) &&
         part.label >= 0.0 && part.outward > least_outward * part.diagonal &&
         part.outward < most_outward * part.diagonal;
}

std::vector<kernels::SparseTerm> transposed(std::vector<kernels::SparseTerm> terms) {
  for (auto& t : terms) std::swap(t.row, t.column);
  return terms;
}

// Where the owned point at @p q of the layout @p from lies on the layout @p to.
std::ptrdiff_t relocated(std::ptrdiff_t q, const kernels::Layout& from, const kernels::Layout& to) {
  const std::ptrdiff_t in_plane = q % from.pitch_z;
  return to(static_cast<int>(in_plane % from.pitch_y) - from.g[0],
            static_cast<int>(in_plane / from.pitch_y) - from.g[1],
            static_cast<int>(q / from.pitch_z) - from.g[2]);
}

core::Index3 unit_width(const grid::Partition& partition) {
  core::Index3 width{1, 1, 1};
  for (int d = 0; d < 3; ++d)
    if (partition.points()[d] == 1) width[d] = 0;
  return width;
}

// Not a member: nvcc takes no kernel from within a private one.
void scale(const kernels::Array<double>& values, const kernels::Array<double>& factors) {
  Kokkos::parallel_for(
      "linnet::multigrid::inclusion_solve",
      Kokkos::RangePolicy<kernels::ExecutionSpace>(0, values.size()),
      KOKKOS_LAMBDA(const int i) { values(i) *= factors(i); });
}

} // namespace

/// Which inclusion every point belongs to.
struct Inclusions::Selection {
  HostField global;         ///< number over all ranks, -1 for none; ghosts valid
  std::vector<double> kept; ///< first number of every rank, and the total

  [[nodiscard]] Place place(double number) const {
    const auto after = std::upper_bound(kept.begin(), kept.end(), number);
    const auto rank = static_cast<PetscInt>(after - kept.begin()) - 1;
    return {rank, static_cast<PetscInt>(number - kept[static_cast<std::size_t>(rank)])};
  }
};

Inclusions::Inclusions(MPI_Comm comm, const grid::Partition& partition,
                       const kernels::Layout& layout, kernels::StencilOperator<double>& a,
                       double factor)
    : comm_(comm) {
  for (int d = 0; d < 3; ++d)
    if (partition.thinnest(d) < 1) return; // fewer points than ranks
  grid::Halo halo(comm, partition, unit_width(partition), grid::HaloShape::box);
  halo.exchange(a.couplings);
  const HostLinks links(a, halo);
  local_contrast_ = links.local_contrast(comm);
  contrast_ = links.contrast(comm);
  if (!links.has_weak(comm)) return;
  const StrongComponents components =
      find_strong_components(comm, partition, links, most_points, halo);
  Selection selection;
  number(components, partition, links, selection);
  if (count_ == 0) return;
  selection.global.exchange(halo);
  assemble(links, factor, layout, components, selection);
}

// Each inclusion is numbered by the rank that has its first point.
void Inclusions::number(const StrongComponents& components, const grid::Partition& partition,
                        const HostLinks& links, Selection& selection) {
  int rank = 0;
  MPI_Comm_rank(comm_, &rank);
  std::map<double, double> mine; // label to number
  std::vector<Place> places;
  std::vector<std::size_t> members;
  for (std::size_t p = 0; p < components.parts.size(); ++p) {
    if (!is_inclusion(components.parts[p])) continue;
    const double label = components.parts[p].label;
    members.push_back(p);
    places.push_back(place_of(partition, label));
    if (places.back().rank == rank) mine.emplace(label, static_cast<double>(mine.size()));
  }
  std::vector<double> counts(static_cast<std::size_t>(partition.ranks()));
  const auto own = static_cast<double>(mine.size());
  MPI_Allgather(&own, 1, MPI_DOUBLE, counts.data(), 1, MPI_DOUBLE, comm_);
  selection.kept = {0.0};
  for (const double c : counts) selection.kept.push_back(selection.kept.back() + c);
  count_ = static_cast<std::int64_t>(selection.kept.back());
  if (count_ == 0) return;

  SparseZeros numbers(static_cast<std::size_t>(partition.box(rank).size()));
  for (const auto& [label, n] : mine)
    numbers[static_cast<std::size_t>(place_of(partition, label).index)] =
        selection.kept[static_cast<std::size_t>(rank)] + n;
  const auto cells = static_cast<PetscInt>(partition.box(rank).size());
  const std::vector<double> found = SharedSums(comm_, cells, places).spread(numbers);
  selection.global = HostField("linnet::multigrid::inclusion", links.layout());
  std::vector<double> number_of_part(components.parts.size(), -1.0);
  for (std::size_t m = 0; m < members.size(); ++m) number_of_part[members[m]] = found[m];
  Kokkos::deep_copy(selection.global.values, -1.0);
  for (std::size_t q = 0; q < components.part.size(); ++q)
    if (components.part[q] >= 0)
      selection.global[static_cast<std::ptrdiff_t>(q)] =
          number_of_part[static_cast<std::size_t>(components.part[q])];
}

// Rows of Z and A Z, and the diagonal bound of E: no eigenvalue of the scaled E is above 1
// (Gershgorin).
struct Inclusions::Assembly {
  const HostLinks& links;
  double factor; // of the operator in the cycle
  const Selection& selection;
  std::map<double, int> local; // number over all ranks to column on this rank
  std::vector<kernels::SparseTerm> z, az;
  std::vector<double> e;

  int column(double number) {
    const auto [at, fresh] = local.emplace(number, static_cast<int>(local.size()));
    if (fresh) e.push_back(0.0);
    return at->second;
  }

  void add_point(std::ptrdiff_t q, std::ptrdiff_t target) {
    const double own = selection.global[q];
    double inside = factor * links.row_sum(q), others = 0.0;
    links.visit(q, [&](std::ptrdiff_t neighbour, double coupling) {
      const double c = factor * coupling;
      const double other = selection.global[neighbour];
      if (c == 0.0 || other == own) return;
      inside += c;
      if (other < 0.0) return;
      others += std::abs(c);
      az.push_back({target, column(other), -c});
    });
    if (own < 0.0) return;
    const int at = column(own);
    z.push_back({target, at, 1.0});
    if (inside != 0.0) az.push_back({target, at, inside});
    e[static_cast<std::size_t>(at)] += inside + others;
  }
};

// The owned points of inclusions and their neighbours, in the order of memory.
std::vector<std::ptrdiff_t> Inclusions::points_near(const HostLinks& links,
                                                    const StrongComponents& components,
                                                    const Selection& selection) {
  std::vector<std::ptrdiff_t> points;
  const auto add = [&](std::ptrdiff_t q) {
    if (q >= 0 && q < static_cast<std::ptrdiff_t>(components.part.size()) && components.owns(q))
      points.push_back(q);
  };
  const auto size = static_cast<std::ptrdiff_t>(components.part.size());
  for (std::ptrdiff_t q = 0; q < size; ++q) {
    if (selection.global[q] < 0.0) continue;
    add(q);
    for (const std::ptrdiff_t d : links.distances()) add(q + d), add(q - d);
  }
  std::sort(points.begin(), points.end());
  points.erase(std::unique(points.begin(), points.end()), points.end());
  return points;
}

void Inclusions::assemble(const HostLinks& links, double factor, const kernels::Layout& layout,
                          const StrongComponents& components, const Selection& selection) {
  Assembly assembly{links, factor, selection, {}, {}, {}, {}};
  for (const std::ptrdiff_t q : points_near(links, components, selection))
    assembly.add_point(q, relocated(q, links.layout(), layout));

  int rank = 0;
  MPI_Comm_rank(comm_, &rank);
  const auto r = static_cast<std::size_t>(rank);
  std::vector<Place> places(assembly.local.size());
  bool elsewhere = false;
  for (const auto& [number, column] : assembly.local) {
    const Place place = selection.place(number);
    places[static_cast<std::size_t>(column)] = place;
    elsewhere = elsewhere || place.rank != rank;
  }
  shared_ = any_rank(elsewhere, comm_);
  sums_ =
      SharedSums(comm_, static_cast<PetscInt>(selection.kept[r + 1] - selection.kept[r]), places);
  sums_.add(assembly.e);
  for (double& e : assembly.e) e = 1.0 / e;
  inverse_ = kernels::array_of("linnet::multigrid::inclusion_inverse", assembly.e);
  values_ = kernels::Array<double>("linnet::multigrid::inclusion_values", assembly.e.size());
  rest_ = kernels::Array<double>("linnet::multigrid::inclusion_rest", assembly.e.size());
  zt_ = kernels::SparseRows(transposed(assembly.z));
  azt_ = kernels::SparseRows(transposed(assembly.az));
  z_ = kernels::SparseRows(std::move(assembly.z));
  az_ = kernels::SparseRows(std::move(assembly.az));
}

// parts = E^-1 times their sums over the ranks.
void Inclusions::solve(const kernels::Array<double>& parts) const {
  if (shared_) {
    const auto host = Kokkos::create_mirror_view_and_copy(kernels::HostSpace{}, parts);
    std::vector<double> values(host.data(), host.data() + host.size());
    sums_.add(values);
    std::copy(values.begin(), values.end(), host.data());
    Kokkos::deep_copy(parts, host);
  }
  scale(parts, inverse_);
}

template <class T>
void Inclusions::before(const kernels::Field<T>& f) {
  if (count_ == 0) return;
  Kokkos::deep_copy(values_, 0.0);
  kernels::add_product(zt_, 1.0, f.values, values_);
  solve(values_);
  kernels::add_product(az_, -1.0, values_, f.values);
  Kokkos::deep_copy(rest_, 0.0);
  kernels::add_product(zt_, 1.0, f.values, rest_);
}

template <class T>
void Inclusions::after(const kernels::Field<T>& y) {
  if (count_ == 0) return;
  kernels::add_product(azt_, -1.0, y.values, rest_);
  solve(rest_);
  kernels::add_product(z_, 1.0, values_, y.values);
  kernels::add_product(z_, 1.0, rest_, y.values);
}

template void Inclusions::before(const kernels::Field<float>&);
template void Inclusions::before(const kernels::Field<double>&);
template void Inclusions::after(const kernels::Field<float>&);
template void Inclusions::after(const kernels::Field<double>&);

} // namespace linnet::multigrid
