// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/fem/mesh/gmsh/msh_sections.hpp>

#include <linnet/core/text.hpp>

#include <algorithm>
#include <array>
#include <set>
#include <utility>

namespace linnet::fem {

namespace {

class Parser {
public:
  Parser(std::string_view data, const std::string& name) : in_(data, name) {}

  MshContent parse() {
    for (std::string_view section = in_.next_section(); !section.empty();
         section = in_.next_section()) {
      if (section != "MeshFormat" && version_ == 0)
        in_.fail("the file must begin with $MeshFormat");
      parse_section(section);
    }
    if (version_ == 0) in_.fail("the file is empty; save a mesh with gmsh -3");
    if (!seen_.contains("Nodes") || !seen_.contains("Elements"))
      in_.fail("no $Nodes or no $Elements; mesh the volumes (gmsh -3) before saving");
    return std::move(content_);
  }

private:
  void parse_section(std::string_view section) {
    constexpr std::array<std::string_view, 5> known{"MeshFormat", "PhysicalNames", "Entities",
                                                    "Nodes", "Elements"};
    if (section == "PartitionedEntities")
      in_.fail("a partitioned mesh; save it in one piece, PETSc distributes it");
    if (std::find(known.begin(), known.end(), section) == known.end() ||
        (version_ == 2 && section == "Entities")) {
      in_.skip_section();
      return;
    }
    if (!seen_.insert(std::string(section)).second)
      in_.fail("$" + std::string(section) + " stands twice");
    if (section == "MeshFormat")
      parse_format();
    else if (section == "PhysicalNames")
      parse_names();
    else if (section == "Entities")
      parse_entities_4(in_, content_);
    else if (section == "Nodes")
      version_ == 2 ? parse_nodes_2(in_, content_) : parse_nodes_4(in_, content_);
    else
      version_ == 2 ? parse_elements_2(in_, content_) : parse_elements_4(in_, content_);
    in_.end_section();
  }

  void parse_format() {
    const std::vector<std::string> head = core::split(core::trimmed(in_.line()), ' ');
    if (head.size() != 3 || (head[0] != "2.2" && head[0] != "4.1"))
      in_.fail("gmsh format '" + head[0].substr(0, 20) +
               "'; allowed: 2.2 and 4.1 (gmsh -format msh41)");
    if (head[1] != "0" && head[1] != "1")
      in_.fail("file type '" + head[1].substr(0, 20) + "'; allowed: 0 (ASCII) and 1 (binary)");
    version_ = head[0] == "2.2" ? 2 : 4;
    content_.owners_are_physical = version_ == 2;
    if (head[1] == "0") return;
    if (head[2] != "8") in_.fail("numbers of " + head[2].substr(0, 20) + " bytes; allowed: 8");
    in_.set_binary();
    if (in_.integer("byte order") != 1)
      in_.fail("bytes in the order of another kind of machine; save it again or as ASCII (gmsh "
               "-format msh41)");
  }

  /// Text in binary files too: dimension, number, name in quotes.
  void parse_names() {
    const std::int64_t names = in_.text_size("number of names");
    in_.check_count(names, 7, 7);
    for (std::int64_t n = 0; n < names; ++n) {
      std::string_view line = core::trimmed(in_.line());
      const std::size_t quote = line.find('"');
      const std::vector<std::string> numbers =
          core::split(core::trimmed(line.substr(0, quote)), ' ');
      const auto dimension = core::to_real(numbers[0]);
      const auto group = core::to_real(numbers.back());
      if (quote == std::string_view::npos || numbers.size() < 2 || line.size() < quote + 2 ||
          line.back() != '"' || !dimension || !group || !is_integer(*dimension) ||
          !is_integer(*group))
        in_.fail("no physical name (dimension number \"name\") in '" +
                 std::string(line.substr(0, 60)) + "'");
      const std::string_view name = line.substr(quote + 1, line.size() - quote - 2);
      if (!name.empty())
        content_.names[{static_cast<int>(*dimension), static_cast<int>(*group)}] = name;
    }
  }

  static bool is_integer(double value) {
    return value > -2e9 && value < 2e9 && static_cast<double>(static_cast<int>(value)) == value;
  }

  MshCursor in_;
  MshContent content_;
  int version_ = 0; // 2 or 4 once known
  std::set<std::string> seen_;
};

} // namespace

MshContent parse_msh(std::string_view data, const std::string& name) {
  return Parser(data, name).parse();
}

} // namespace linnet::fem
