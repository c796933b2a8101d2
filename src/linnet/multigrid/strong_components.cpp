// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/multigrid/strong_components.hpp>

#include <linnet/multigrid/shared_sums.hpp>

#include <algorithm>
#include <cmath>
#include <limits>

namespace linnet::multigrid {

bool any_rank(bool mine, MPI_Comm comm) {
  int flag = mine ? 1 : 0;
  MPI_Allreduce(MPI_IN_PLACE, &flag, 1, MPI_INT, MPI_MAX, comm);
  return flag != 0;
}

namespace {

constexpr double none = std::numeric_limits<double>::infinity();

/// Calls visit(position of the first point) for every row of owned points along x.
template <class Visit>
void for_each_row(const kernels::Layout& l, const Visit& visit) {
  for (int k = 0; k < l.n[2]; ++k)
    for (int j = 0; j < l.n[1]; ++j) visit(l(0, j, k));
}

/// Labelling in two steps: pieces within the box, by flooding from the points that have weak
/// couplings or neighbours on other ranks, then agreement across the faces of the boxes.
class Labelling {
public:
  Labelling(MPI_Comm comm, const grid::Partition& partition, const HostLinks& links,
            std::size_t most_points, grid::Halo& halo)
      : comm_(comm), partition_(partition), links_(links), halo_(halo), layout_(links.layout()),
        most_points_(most_points) {
    int rank = 0;
    MPI_Comm_rank(comm, &rank);
    box_ = partition.box(rank);
  }

  StrongComponents run() {
    StrongComponents result;
    find_parts(result);
    agree(result);
    add_up(result);
    return result;
  }

private:
  // Beside the numbers of parts and StrongComponents::large.
  using Parts = std::vector<std::int32_t>;
  static constexpr std::int32_t unvisited = -2, ghost = -3;

  static std::int32_t& at(Parts& parts, std::ptrdiff_t q) {
    return parts[static_cast<std::size_t>(q)];
  }
  static std::int32_t at(const Parts& parts, std::ptrdiff_t q) {
    return parts[static_cast<std::size_t>(q)];
  }

  [[nodiscard]] double natural_index(const core::Index3& local) const {
    const auto n = partition_.points();
    return (box_.lo[0] + local[0]) +
           static_cast<double>(n[0]) *
               ((box_.lo[1] + local[1]) + static_cast<double>(n[1]) * (box_.lo[2] + local[2]));
  }

  // Has neighbours on other ranks.
  [[nodiscard]] bool is_at_cut(std::ptrdiff_t q, const Parts& parts) const {
    bool at_cut = false;
    links_.visit(q, [&](std::ptrdiff_t neighbour, double c) {
      at_cut = at_cut || (c != 0.0 && at(parts, neighbour) == ghost);
    });
    return at_cut;
  }

  void find_parts(StrongComponents& result) {
    result.part.assign(layout_.size(), ghost);
    for_each_row(layout_, [&](std::ptrdiff_t row) {
      std::fill_n(result.part.begin() + row, layout_.n[0], unvisited);
    });
    for (int k = 0; k < layout_.n[2]; ++k)
      for (int j = 0; j < layout_.n[1]; ++j) {
        const auto is_face = [](int n, int points) { return n == 0 || n + 1 == points; };
        const bool face = is_face(j, layout_.n[1]) || is_face(k, layout_.n[2]);
        for (int i = 0; i < layout_.n[0]; ++i) {
          const std::ptrdiff_t q = layout_(i, j, k);
          if (at(result.part, q) != unvisited) continue;
          if (links_.is_weak(q) ||
              ((face || is_face(i, layout_.n[0])) && is_at_cut(q, result.part)))
            find_part(q, {i, j, k}, result);
        }
      }
    for (std::size_t q = 0; q < result.part.size(); ++q) {
      if (result.part[q] >= 0) members_.push_back(static_cast<std::ptrdiff_t>(q));
      if (result.part[q] == unvisited) result.part[q] = StrongComponents::large;
    }
  }

  void find_part(std::ptrdiff_t seed, const core::Index3& point, StrongComponents& result) {
    const auto part = static_cast<std::int32_t>(result.parts.size());
    if (flood(seed, part, result.part))
      result.parts.push_back({0.0, 0.0, 0.0, natural_index(point)});
    else
      for (const std::ptrdiff_t p : reached_) at(result.part, p) = StrongComponents::large;
  }

  // False if the piece is large: it has too many points, or one that is known to be large.
  bool flood(std::ptrdiff_t seed, std::int32_t part, Parts& parts) {
    reached_.assign(1, seed);
    at(parts, seed) = part;
    bool small = true;
    for (std::size_t next = 0; next < reached_.size() && small; ++next) {
      const std::ptrdiff_t q = reached_[next];
      links_.visit(q, [&](std::ptrdiff_t neighbour, double c) {
        if (!links_.is_strong(q, neighbour, c)) return;
        std::int32_t& other = at(parts, neighbour);
        if (other == ghost) return;
        if (other == unvisited) {
          other = part;
          reached_.push_back(neighbour);
        }
        small = small && other != StrongComponents::large;
      });
      small = small && reached_.size() <= most_points_;
    }
    return small;
  }

  // The smallest label travels through each piece, one rank per round; that of large ones is below
  // all others.
  void agree(StrongComponents& result) {
    std::vector<std::pair<std::size_t, std::ptrdiff_t>> crossing; // part, ghost
    bool at_cut = false;
    for_each_in_parts(result, [&](std::ptrdiff_t q, std::size_t part) {
      links_.visit(q, [&](std::ptrdiff_t neighbour, double c) {
        if (c == 0.0 || at(result.part, neighbour) != ghost) return;
        at_cut = true;
        if (links_.is_strong(q, neighbour, c)) crossing.emplace_back(part, neighbour);
      });
    });
    shared_.assign(result.parts.size(), false);
    for (const auto& link : crossing) shared_[link.first] = true;
    // Labels of ghosts are wanted where a small piece lies at a cut.
    if (!any_rank(at_cut, comm_)) return;
    label_ = HostField("linnet::multigrid::component_label", layout_);
    Kokkos::deep_copy(label_.values, static_cast<double>(StrongComponents::large));
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
    for (const std::ptrdiff_t q : members_) visit(q, static_cast<std::size_t>(at(result.part, q)));
  }

  [[nodiscard]] double label_of(const StrongComponents& result, std::ptrdiff_t q) const {
    const std::int32_t part = at(result.part, q);
    if (part == ghost) return label_[q];
    return part >= 0 ? result.parts[static_cast<std::size_t>(part)].label : StrongComponents::large;
  }

  // Two parts of one rank may belong to one piece by way of other ranks: both enter the sums.
  void add_up(StrongComponents& result) {
    for_each_in_parts(result, [&](std::ptrdiff_t q, std::size_t number) {
      ComponentPart& part = result.parts[number];
      part.points += 1.0;
      part.diagonal += links_.row_sum(q);
      part.outward += links_.row_sum(q);
      links_.visit(q, [&](std::ptrdiff_t neighbour, double c) {
        part.diagonal += c;
        if (c != 0.0 && label_of(result, neighbour) != part.label) part.outward += c;
      });
    });
    std::vector<std::size_t> members;
    std::vector<Place> places;
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
  HostField label_; // ghosts valid, if it exists
  std::size_t most_points_;
  std::vector<std::ptrdiff_t> reached_; // by the flood
  std::vector<std::ptrdiff_t> members_; // points of parts, in the order of memory
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
    : layout_(a.layout()), largest_("linnet::multigrid::largest_coupling", layout_),
      smallest_(none) {
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
  find_extremes();
  largest_.exchange(halo);
  find_weak();
}

// Row by row: the loops along x become vector instructions.
void HostLinks::find_extremes() {
  const auto n = static_cast<std::size_t>(layout_.n[0]);
  std::vector<double> largest(n), smallest(n);
  for_each_row(layout_, [&](std::ptrdiff_t row) {
    std::fill(largest.begin(), largest.end(), 0.0);
    std::fill(smallest.begin(), smallest.end(), none);
    for (std::size_t m = 0; m < couplings_.size(); ++m) {
      const double* front = couplings_[m].data() + row;
      const double* back = front - distance_[m];
      for (std::size_t i = 0; i < n; ++i) {
        const double f = std::abs(front[i]), b = std::abs(back[i]);
        largest[i] = std::max(largest[i], std::max(f, b));
        smallest[i] = std::min(smallest[i], std::min(f > 0.0 ? f : none, b > 0.0 ? b : none));
      }
    }
    for (std::size_t i = 0; i < n; ++i) {
      largest_[row + static_cast<std::ptrdiff_t>(i)] = largest[i];
      most_ = std::max(most_, largest[i]);
      smallest_ = std::min(smallest_, smallest[i]);
      local_contrast_ = std::max(local_contrast_, largest[i] / smallest[i]);
    }
  });
}

// By the rule of is_strong().
void HostLinks::find_weak() {
  const auto n = static_cast<std::size_t>(layout_.n[0]);
  std::vector<double> found(n);
  weak_.assign(layout_.size(), 0);
  for_each_row(layout_, [&](std::ptrdiff_t row) {
    std::fill(found.begin(), found.end(), 0.0);
    const double* here = largest_.values.data() + row;
    for (std::size_t m = 0; m < couplings_.size(); ++m)
      for (const std::ptrdiff_t to : {distance_[m], -distance_[m]}) {
        const double* c = couplings_[m].data() + row + std::min<std::ptrdiff_t>(to, 0);
        const double* there = here + to;
        for (std::size_t i = 0; i < n; ++i) {
          const double least = least_ratio * std::max(here[i], there[i]);
          const double weak = c[i] < least ? 1.0 : 0.0;
          found[i] = std::max(found[i], c[i] == 0.0 ? 0.0 : weak);
        }
      }
    for (std::size_t i = 0; i < n; ++i)
      weak_[static_cast<std::size_t>(row) + i] = found[i] > 0.0 ? 1 : 0;
  });
}

double HostLinks::local_contrast(MPI_Comm comm) const {
  double contrast = local_contrast_;
  MPI_Allreduce(MPI_IN_PLACE, &contrast, 1, MPI_DOUBLE, MPI_MAX, comm);
  return contrast;
}

double HostLinks::contrast(MPI_Comm comm) const {
  double range[] = {most_, -smallest_};
  MPI_Allreduce(MPI_IN_PLACE, range, 2, MPI_DOUBLE, MPI_MAX, comm);
  return range[0] > 0.0 ? range[0] / -range[1] : 1.0;
}

bool HostLinks::has_weak(MPI_Comm comm) const {
  return any_rank(std::ranges::find(weak_, 1) != weak_.end(), comm);
}

StrongComponents find_strong_components(MPI_Comm comm, const grid::Partition& partition,
                                        const HostLinks& links, std::size_t most_points,
                                        grid::Halo& halo) {
  return Labelling(comm, partition, links, most_points, halo).run();
}

Place place_of(const grid::Partition& partition, double natural_index) {
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
