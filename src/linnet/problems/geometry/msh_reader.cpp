// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/core/error.hpp>
#include <linnet/problems/geometry/mesh_readers.hpp>

#include <charconv>
#include <cmath>
#include <cstdint>
#include <string_view>
#include <unordered_map>

namespace linnet::problems {

namespace {

/// Corners of gmsh's surface elements, 0 for all other elements.
int corners(std::int64_t element_type) {
  switch (element_type) {
  case 2:
  case 9:
  case 21: return 3; // triangles of order 1, 2, 3
  case 3:
  case 10:
  case 16: return 4; // quadrangles of order 1, 2 and serendipity
  default: return 0;
  }
}

class Reader {
public:
  Reader(std::istream& in, const std::string& name) : in_(in), name_(name) {}

  SurfaceMesh read() {
    while (next_line()) {
      if (line_ == "$MeshFormat")
        read_format();
      else if (line_ == "$Nodes")
        read_nodes();
      else if (line_ == "$Elements")
        read_elements();
      else if (line_.starts_with("$End"))
        fail("'" + line_ + "' without a beginning");
      else if (line_.starts_with("$"))
        skip_section();
      else if (!line_.empty())
        fail("text outside of a section");
      if (!has_format_) fail("the file must begin with $MeshFormat");
    }
    if (!has_format_) fail("the file is empty");
    if (faces_.empty()) fail("no triangles; mesh the surface (gmsh -2) before saving");
    return resolve();
  }

private:
  [[noreturn]] void fail(const std::string& what) const {
    core::throw_data("mesh " + name_ + ":" + std::to_string(line_number_) + ": " + what);
  }

  bool next_line() {
    if (!std::getline(in_, line_)) return false;
    ++line_number_;
    while (!line_.empty() && (line_.back() == '\r' || line_.back() == ' ')) line_.pop_back();
    rest_ = line_;
    return true;
  }

  void need_line(const char* section) {
    if (!next_line()) fail(std::string("the file ends inside $") + section + "; it is truncated");
    if (line_.starts_with("$"))
      fail(std::string("$") + section + " has fewer entries than it says");
  }

  void end_section(const char* section) {
    const std::string end = std::string("$End") + section;
    if (!next_line()) fail("the file ends before " + end + "; it is truncated");
    if (line_ != end) fail("expected " + end + ", found '" + line_.substr(0, 40) + "'");
  }

  void skip_section() {
    const std::string end = "$End" + line_.substr(1);
    while (next_line())
      if (line_ == end) return;
    fail("the file ends before " + end + "; it is truncated");
  }

  template <class Number>
  Number number(const char* what) {
    while (!rest_.empty() && (rest_.front() == ' ' || rest_.front() == '\t'))
      rest_.remove_prefix(1);
    Number value{};
    const auto [end, error] = std::from_chars(rest_.data(), rest_.data() + rest_.size(), value);
    if (error != std::errc{} || (end != rest_.data() + rest_.size() && *end != ' ' && *end != '\t'))
      fail(std::string("no ") + what + " in '" + line_.substr(0, 60) + "'");
    rest_.remove_prefix(static_cast<std::size_t>(end - rest_.data()));
    return value;
  }

  std::int64_t count(const char* what) {
    const auto value = number<std::int64_t>(what);
    if (value < 0) fail(std::string("negative ") + what);
    return value;
  }

  void read_format() {
    need_line("MeshFormat");
    version_ = number<double>("format version");
    const auto binary = number<std::int64_t>("file type");
    if (version_ != 2.2 && version_ != 4.1)
      fail("gmsh format " + line_.substr(0, line_.find(' ')) +
           "; allowed: 2.2 and 4.1 (gmsh -format msh41)");
    if (binary != 0) fail("binary file; allowed: ASCII (gmsh without -bin)");
    end_section("MeshFormat");
    has_format_ = true;
  }

  void add_node(std::int64_t tag) {
    if (mesh_.points.size() >= most_mesh_points) fail("the file has too many nodes");
    core::Real3 point;
    for (double& x : point) {
      x = number<double>("coordinate");
      if (!std::isfinite(x)) fail("a coordinate is not finite");
    }
    if (!place_of_tag_.emplace(tag, static_cast<int>(mesh_.points.size())).second)
      fail("node " + std::to_string(tag) + " stands twice");
    mesh_.points.push_back(point);
  }

  void read_nodes() {
    need_line("Nodes");
    const auto entries = count("number of nodes");
    if (version_ == 2.2) {
      for (std::int64_t n = 0; n < entries; ++n) {
        need_line("Nodes");
        add_node(number<std::int64_t>("node number"));
      }
    } else {
      for (std::int64_t block = 0; block < entries; ++block) read_node_block();
    }
    end_section("Nodes");
  }

  void read_node_block() {
    need_line("Nodes");
    number<std::int64_t>("entity dimension"), number<std::int64_t>("entity number");
    number<std::int64_t>("parametric flag");
    const auto entries = count("number of nodes");
    std::vector<std::int64_t> tags;
    for (std::int64_t n = 0; n < entries; ++n) {
      need_line("Nodes");
      tags.push_back(number<std::int64_t>("node number"));
    }
    for (const auto tag : tags) {
      need_line("Nodes");
      add_node(tag);
    }
  }

  void read_elements() {
    need_line("Elements");
    const auto entries = count("number of elements");
    for (std::int64_t e = 0; e < entries; ++e) {
      need_line("Elements");
      if (version_ == 2.2) {
        number<std::int64_t>("element number");
        const auto type = number<std::int64_t>("element type");
        const auto tags = count("number of tags");
        for (std::int64_t t = 0; t < tags && corners(type); ++t) number<std::int64_t>("tag");
        add_face(corners(type));
      } else {
        read_element_block();
      }
    }
    end_section("Elements");
  }

  void read_element_block() {
    number<std::int64_t>("entity dimension"), number<std::int64_t>("entity number");
    const auto type = number<std::int64_t>("element type");
    const auto entries = count("number of elements");
    for (std::int64_t e = 0; e < entries; ++e) {
      need_line("Elements");
      number<std::int64_t>("element number");
      add_face(corners(type));
    }
  }

  void add_face(int nodes) {
    if (nodes == 0) return;
    std::array<std::int64_t, 4> face{};
    for (int n = 0; n < nodes; ++n)
      face[static_cast<std::size_t>(n)] = number<std::int64_t>("node");
    if (faces_.size() > most_mesh_points - 2) fail("the file has too many elements");
    faces_.push_back({face[0], face[1], face[2]});
    if (nodes == 4) faces_.push_back({face[0], face[2], face[3]});
    face_lines_.resize(faces_.size(), line_number_);
  }

  SurfaceMesh resolve() {
    for (std::size_t f = 0; f < faces_.size(); ++f) {
      core::Index3 triangle;
      for (std::size_t n = 0; n < 3; ++n) {
        const auto found = place_of_tag_.find(faces_[f][n]);
        if (found == place_of_tag_.end()) {
          line_number_ = face_lines_[f];
          fail("element names node " + std::to_string(faces_[f][n]) + ", which is not in $Nodes");
        }
        triangle[n] = found->second;
      }
      mesh_.triangles.push_back(triangle);
    }
    return std::move(mesh_);
  }

  std::istream& in_;
  const std::string& name_;
  std::string line_;
  std::string_view rest_;
  std::int64_t line_number_ = 0;
  double version_ = 0.0;
  bool has_format_ = false;
  SurfaceMesh mesh_;
  std::unordered_map<std::int64_t, int> place_of_tag_;
  std::vector<std::array<std::int64_t, 3>> faces_;
  std::vector<std::int64_t> face_lines_;
};

} // namespace

SurfaceMesh read_msh(std::istream& in, const std::string& name) { return Reader(in, name).read(); }

} // namespace linnet::problems
