// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/multigrid/strong_components.hpp>

#include <linnet/multigrid/shared_sums.hpp>

#include <algorithm>
#include <cmath>

namespace linnet::multigrid {

bool any_rank(bool mine, MPI_Comm comm) {
  int flag = mine ? 1 : 0;
  MPI_Allreduce(MPI_IN_PLACE, &flag, 1, MPI_INT, MPI_MAX, comm);
  return flag != 0;
}

namespace {

/// Labelling in two steps: pieces within the box, by flooding from the points that have weak
/// couplings or neighbours on other ranks, then agreement across the faces of the boxes.
class Labelling {
public:
  Labelling(MPI_Comm comm, const grid::Partition& partition, const HostLinks& links,
            std::size_t most_points, grid::Halo& halo)
      : comm_(comm), partition_(partition), links_(links), halo_(halo), layout_(links.layout()),
        label_("linnet::multigrid::component_label", layout_), most_points_(most_points) {
    int rank = 0;
    MPI_Comm_rank(comm, &rank);
    box_ = partition.box(rank);
  }

  StrongComponents run() {
    StrongComponents result{{}, HostField("linnet::multigrid::component", layout_)};
    find_parts(result);
    agree(result);
    add_up(result);
    return result;
  }

private:
  // Beside the numbers of parts and StrongComponents::large.
  static constexpr double unvisited = -2.0;
  static constexpr double ghost = -3.0;

  [[nodiscard]] double natural_index(int number) const {
    const auto n = partition_.points();
    const int i = number % layout_.n[0], j = number / layout_.n[0] % layout_.n[1],
              k = number / layout_.n[0] / layout_.n[1];
    return (box_.lo[0] + i) + static_cast<double>(n[0]) *
                                  ((box_.lo[1] + j) + static_cast<double>(n[1]) * (box_.lo[2] + k));
  }

  [[nodiscard]] bool is_seed(std::ptrdiff_t q, const HostField& parts) const {
    bool seed = false;
    links_.visit(q, [&](std::ptrdiff_t neighbour, double c) {
      seed =
          seed || (c != 0.0 && (!links_.is_strong(q, neighbour, c) || parts[neighbour] == ghost));
    });
    return seed;
  }

  void find_parts(StrongComponents& result) {
    Kokkos::deep_copy(result.part.values, ghost);
    for_each_owned(layout_, [&](std::ptrdiff_t q, int) { result.part[q] = unvisited; });
    for_each_owned(layout_, [&](std::ptrdiff_t q, int number) {
      if (result.part[q] != unvisited || !is_seed(q, result.part)) return;
      const auto part = static_cast<double>(result.parts.size());
      if (flood(q, part, result.part))
        result.parts.push_back({0.0, 0.0, 0.0, natural_index(number)});
      else
        for (const std::ptrdiff_t p : reached_) result.part[p] = StrongComponents::large;
    });
    for_each_owned(layout_, [&](std::ptrdiff_t q, int) {
      if (result.part[q] == unvisited) result.part[q] = StrongComponents::large;
    });
  }

  // False if the piece is large: it has too many points, or one that is known to be large.
  bool flood(std::ptrdiff_t seed, double part, HostField& parts) {
    reached_.assign(1, seed);
    parts[seed] = part;
    bool small = true;
    for (std::size_t next = 0; next < reached_.size() && small; ++next) {
      const std::ptrdiff_t q = reached_[next];
      links_.visit(q, [&](std::ptrdiff_t neighbour, double c) {
        if (!links_.is_strong(q, neighbour, c) || parts[neighbour] == ghost) return;
        if (parts[neighbour] == unvisited) {
          parts[neighbour] = part;
          reached_.push_back(neighbour);
        }
        small = small && parts[neighbour] != StrongComponents::large;
      });
      small = small && reached_.size() <= most_points_;
    }
    return small;
  }

  // The smallest label travels through each piece, one rank per round; that of large ones is below
  // all others.
  void agree(StrongComponents& result) {
    std::vector<std::pair<std::size_t, std::ptrdiff_t>> crossing; // part, ghost
    for_each_in_parts(result, [&](std::ptrdiff_t q, std::size_t part) {
      links_.visit(q, [&](std::ptrdiff_t neighbour, double c) {
        if (links_.is_strong(q, neighbour, c) && result.part[neighbour] == ghost)
          crossing.emplace_back(part, neighbour);
      });
    });
    shared_.assign(result.parts.size(), false);
    for (const auto& link : crossing) shared_[link.first] = true;
    Kokkos::deep_copy(label_.values, StrongComponents::large);
    bool changed = true;
    while (any_rank(changed, comm_)) {
      for_each_in_parts(result, [&](std::ptrdiff_t q, std::size_t part) {
        label_[q] = result.parts[part].label;
      });
      label_.exchange(halo_);
      changed = false;
      for (const auto& [part, neighbour] : crossing)
        if (label_[neighbour] < result.parts[part].label) {
          result.parts[part].label = label_[neighbour];
          changed = true;
        }
    }
  }

  template <class Visit>
  void for_each_in_parts(const StrongComponents& result, const Visit& visit) const {
    for_each_owned(layout_, [&](std::ptrdiff_t q, int) {
      if (result.part[q] >= 0.0) visit(q, static_cast<std::size_t>(result.part[q]));
    });
  }

  // Two parts of one rank may belong to one piece by way of other ranks: both enter the sums.
  void add_up(StrongComponents& result) {
    for_each_in_parts(result, [&](std::ptrdiff_t q, std::size_t at) {
      ComponentPart& part = result.parts[at];
      part.points += 1.0;
      part.diagonal += links_.row_sum(q);
      part.outward += links_.row_sum(q);
      links_.visit(q, [&](std::ptrdiff_t neighbour, double c) {
        part.diagonal += c;
        if (c != 0.0 && label_[neighbour] != part.label) part.outward += c;
      });
    });
    std::vector<std::size_t> members;
    std::vector<PetscSFNode> places;
    for (std::size_t p = 0; p < shared_.size(); ++p)
      if (shared_[p] && result.parts[p].label >= 0.0) {
        members.push_back(p);
        places.push_back(place_of(partition_, result.parts[p].label));
      }
    if (!any_rank(!members.empty(), comm_)) return;
    const SharedSums sums(comm_, static_cast<PetscInt>(box_.size()), places);
    for (double ComponentPart::*what :
         {&ComponentPart::points, &ComponentPart::diagonal, &ComponentPart::outward}) {
      std::vector<double> values;
      for (const std::size_t p : members) values.push_back(result.parts[p].*what);
      sums.add(values);
      for (std::size_t m = 0; m < members.size(); ++m) result.parts[members[m]].*what = values[m];
    }
  }

  MPI_Comm comm_;
  const grid::Partition& partition_;
  const HostLinks& links_;
  grid::Halo& halo_;
  const kernels::Layout layout_;
  grid::IndexBox box_;
  HostField label_;
  std::size_t most_points_;
  std::vector<std::ptrdiff_t> reached_; // by the flood
  std::vector<bool> shared_;            // parts that strong couplings tie to other ranks
};

} // namespace

HostField::HostField(const char* label, const kernels::Layout& layout)
    : field(label, layout), values(Kokkos::create_mirror_view(field.values)) {}

void HostField::exchange(grid::Halo& halo) {
  Kokkos::deep_copy(field.values, values);
  halo.exchange(field);
  Kokkos::deep_copy(values, field.values);
}

HostLinks::HostLinks(const kernels::StencilOperator<double>& a, grid::Halo& halo)
    : layout_(a.layout()), largest_("linnet::multigrid::largest_coupling", layout_) {
  for (int m = 0; m < kernels::coupling_count(a.pattern); ++m) {
    const kernels::Offset o = kernels::upper_offset(a.pattern, m);
    distance_.push_back(o.x + static_cast<std::ptrdiff_t>(o.y) * layout_.pitch_y +
                        static_cast<std::ptrdiff_t>(o.z) * layout_.pitch_z);
    const auto& values = a.couplings[static_cast<std::size_t>(m)].values;
    couplings_.emplace_back(Kokkos::create_mirror_view(values));
    Kokkos::deep_copy(couplings_.back(), values);
  }
  row_sum_ = Kokkos::create_mirror_view(a.row_sum.values);
  Kokkos::deep_copy(row_sum_, a.row_sum.values);
  for_each_owned(layout_, [&](std::ptrdiff_t q, int) {
    double largest = 0.0;
    visit(q, [&](std::ptrdiff_t, double c) { largest = std::max(largest, std::abs(c)); });
    largest_[q] = largest;
  });
  largest_.exchange(halo);
}

double HostLinks::local_contrast(MPI_Comm comm) const {
  double contrast = 1.0;
  for_each_owned(layout_, [&](std::ptrdiff_t q, int) {
    double smallest = largest_[q];
    visit(q, [&](std::ptrdiff_t, double c) {
      if (c != 0.0) smallest = std::min(smallest, std::abs(c));
    });
    if (smallest > 0.0) contrast = std::max(contrast, largest_[q] / smallest);
  });
  MPI_Allreduce(MPI_IN_PLACE, &contrast, 1, MPI_DOUBLE, MPI_MAX, comm);
  return contrast;
}

bool HostLinks::has_weak(MPI_Comm comm) const {
  bool found = false;
  for_each_owned(layout_, [&](std::ptrdiff_t q, int) {
    if (found) return;
    visit(q, [&](std::ptrdiff_t neighbour, double c) {
      found = found || (c != 0.0 && !is_strong(q, neighbour, c));
    });
  });
  return any_rank(found, comm);
}

StrongComponents find_strong_components(MPI_Comm comm, const grid::Partition& partition,
                                        const HostLinks& links, std::size_t most_points,
                                        grid::Halo& halo) {
  return Labelling(comm, partition, links, most_points, halo).run();
}

PetscSFNode place_of(const grid::Partition& partition, double natural_index) {
  const auto n = partition.points();
  const auto index = static_cast<std::int64_t>(natural_index);
  const core::Index3 point{static_cast<int>(index % n[0]), static_cast<int>(index / n[0] % n[1]),
                           static_cast<int>(index / n[0] / n[1])};
  core::Index3 at;
  for (int d = 0; d < 3; ++d) {
    const auto& starts = partition.starts(d);
    at[d] = static_cast<int>(std::upper_bound(starts.begin(), starts.end() - 1, point[d]) -
                             starts.begin()) -
            1;
  }
  const int rank = partition.rank_at(at);
  const grid::IndexBox box = partition.box(rank);
  const core::Index3 e = box.extent();
  return {rank,
          (point[0] - box.lo[0]) + e[0] * ((point[1] - box.lo[1]) + e[1] * (point[2] - box.lo[2]))};
}

} // namespace linnet::multigrid
