// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/problems/geometry/obstacles.hpp>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <string_view>

namespace linnet::problems {

namespace {

using Kind = Obstacle::Kind;

/// How an entry is written, by dimension (index dim - 2); an empty form: not for that dimension.
struct Form {
  const char* name;
  Kind kind;
  std::array<const char*, 2> usage;
  std::array<std::array<std::size_t, 3>, 2> counts; ///< allowed numbers of numbers
};

constexpr std::size_t none = 99;
constexpr Form forms[] = {
    {"sphere",
     Kind::sphere,
     {"sphere:x,y,r", "sphere:x,y,z,r"},
     {{{3, none, none}, {4, none, none}}}},
    {"box",
     Kind::box,
     {"box:x0,y0,x1,y1", "box:x0,y0,z0,x1,y1,z1"},
     {{{4, none, none}, {6, none, none}}}},
    {"cylinder",
     Kind::cylinder,
     {"", "cylinder:x0,y0,z0,x1,y1,z1,r"},
     {{{none, none, none}, {7, none, none}}}},
    {"pillars",
     Kind::pillars,
     {"pillars:nx,ny,width", "pillars:nx,ny,width,height"},
     {{{3, none, none}, {4, none, none}}}},
    {"random_spheres",
     Kind::random_spheres,
     {"random_spheres:count,rmin,rmax[,seed]", "random_spheres:count,rmin,rmax[,seed]"},
     {{{3, 4, none}, {3, 4, none}}}},
    {"random_boxes",
     Kind::random_boxes,
     {"random_boxes:count,hmin,hmax[,seed]", "random_boxes:count,hmin,hmax[,seed]"},
     {{{3, 4, none}, {3, 4, none}}}},
    {"mesh",
     Kind::mesh,
     {"", "mesh:file[,x0,y0,z0,x1,y1,z1] or mesh:file,scale,tx,ty,tz"},
     {{{none, none, none}, {0, 6, 4}}}},
    {"mask",
     Kind::mask,
     {"mask:file.h5,dataset", "mask:file.h5,dataset"},
     {{{0, none, none}, {0, none, none}}}},
    {"invert", Kind::invert, {"invert", "invert"}, {{{0, none, none}, {0, none, none}}}},
    {"turn",
     Kind::turn,
     {"turn:x,y,rate[,angle]", "turn:x,y,z,ax,ay,az,rate[,angle]"},
     {{{3, 4, none}, {7, 8, none}}}},
};

std::string all_usages(int dim) {
  std::string text;
  for (const auto& form : forms) {
    const std::string usage = form.usage[static_cast<std::size_t>(dim - 2)];
    if (usage.empty()) continue;
    if (!text.empty()) text.append("; ");
    text.append(usage);
  }
  return text;
}

[[noreturn]] void fail(const Obstacle& o, const std::string& what) {
  std::string message = "-diffusion_obstacles entry '";
  core::throw_usage(message.append(o.text).append("': ").append(what));
}

double number(const Obstacle& o, std::string_view word) {
  double value = 0.0;
  const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), value);
  if (error != std::errc{} || end != word.data() + word.size() || !std::isfinite(value))
    fail(o, std::string(word) + " is not a number");
  return value;
}

/// Cuts the text into entries, each a list of words: "name", "argument", ... A word begins a new
/// entry after a semicolon or blank, and wherever it holds a colon or is "invert".
std::vector<std::vector<std::string>> entries(const std::string& text) {
  std::vector<std::vector<std::string>> list;
  bool fresh = true;
  std::size_t place = 0;
  while (place < text.size()) {
    const auto end = std::min(text.find_first_of("; \t\r\n,", place), text.size());
    const auto word = text.substr(place, end - place);
    const char separator = end < text.size() ? text[end] : ';';
    place = end + 1;
    if (!word.empty() || (separator == ',' && !fresh)) {
      const auto colon = word.find(':');
      if (fresh || colon != std::string::npos || word == "invert") list.emplace_back();
      if (colon == std::string::npos)
        list.back().push_back(word);
      else
        list.back().push_back(word.substr(0, colon)), list.back().push_back(word.substr(colon + 1));
      fresh = false;
    }
    if (separator != ',') fresh = true;
  }
  return list;
}

std::string joined(const std::vector<std::string>& words) {
  std::string text = words[0];
  for (std::size_t w = 1; w < words.size(); ++w) {
    text.push_back(w == 1 ? ':' : ',');
    text.append(words[w]);
  }
  return text;
}

bool is_count(double value) { return value >= 1.0 && value <= 1.0e6 && value == std::floor(value); }

/// @p n[first..] holds a lower corner followed by an upper one.
void require_corners(const Obstacle& o, std::size_t first, std::size_t dim) {
  for (std::size_t d = 0; d < dim; ++d)
    if (!(o.numbers[first + d] < o.numbers[first + dim + d]))
      fail(o, "the first corner must be below the second in every direction");
}

void require_sense(const Obstacle& o, std::size_t dim) {
  const auto& n = o.numbers;
  switch (o.kind) {
  case Kind::sphere:
  case Kind::cylinder:
    if (!(n.back() > 0.0)) fail(o, "the radius must be positive");
    if (o.kind == Kind::cylinder && n[0] == n[3] && n[1] == n[4] && n[2] == n[5])
      fail(o, "the two ends must differ");
    break;
  case Kind::box: require_corners(o, 0, dim); break;
  case Kind::pillars:
    if (!is_count(n[0]) || !is_count(n[1]))
      fail(o, "nx and ny must be whole numbers from 1 to 1e6");
    if (!(n[2] > 0.0 && n[2] <= 1.0)) fail(o, "width must be in (0,1]: a part of the spacing");
    if (dim == 3 && !(n[3] > 0.0 && n[3] <= 1.0))
      fail(o, "height must be in (0,1]: a part of the domain's");
    break;
  case Kind::random_spheres:
  case Kind::random_boxes:
    if (!is_count(n[0])) fail(o, "count must be a whole number from 1 to 1e6");
    if (!(n[1] > 0.0 && n[1] <= n[2])) fail(o, "sizes must satisfy 0 < min <= max");
    if (n.size() == 4 && !(n[3] >= 0.0 && n[3] < 9.0e15 && n[3] == std::floor(n[3])))
      fail(o, "seed must be a whole number, not negative");
    break;
  case Kind::mesh:
    if (n.size() == 6) require_corners(o, 0, 3);
    if (n.size() == 4 && !(n[0] > 0.0)) fail(o, "scale must be positive");
    break;
  case Kind::turn:
    if (dim == 3 && n[3] == 0.0 && n[4] == 0.0 && n[5] == 0.0)
      fail(o, "the direction ax,ay,az of the axis must not be zero");
    for (std::size_t place = dim == 3 ? 6 : 2; place < n.size(); ++place)
      if (std::abs(n[place]) > 1e6) fail(o, "rate and angle must lie between -1e6 and 1e6");
    break;
  case Kind::mask:
  case Kind::invert: break;
  }
}

Rotation rotation_of(const Obstacle& turn, int dim) {
  const auto& n = turn.numbers;
  const std::size_t first = dim == 3 ? 6 : 2; // of rate and angle
  Rotation rotation;
  rotation.center = {n[0], n[1], dim == 3 ? n[2] : 0.0};
  if (dim == 3) {
    // By the largest first: squares of small numbers vanish.
    const double scale = std::max({std::abs(n[3]), std::abs(n[4]), std::abs(n[5])});
    const double a = n[3] / scale, b = n[4] / scale, c = n[5] / scale;
    const double length = std::sqrt(a * a + b * b + c * c);
    rotation.axis = {a / length, b / length, c / length};
  }
  rotation.rate = n[first];
  rotation.angle = n.size() > first + 1 ? n[first + 1] : 0.0;
  return rotation;
}

/// Gives the last of @p list the motion that the entry @p turn says.
void add_turn(const Obstacle& turn, int dim, std::vector<Obstacle>& list) {
  if (list.empty()) fail(turn, "no shape before it to turn");
  Obstacle& shape = list.back();
  if (shape.kind == Kind::mask || shape.kind == Kind::invert)
    fail(turn, "cannot turn " + shape.text);
  if (shape.rotation) fail(turn, shape.text + " turns already");
  shape.rotation = rotation_of(turn, dim);
}

/// Around fluid that takes the place of a body that turns the wall would turn, and no solid cell
/// there has a shape whose motion it follows.
void require_no_motion_before(const Obstacle& invert, const std::vector<Obstacle>& list) {
  for (const Obstacle& shape : list)
    if (shape.moves())
      fail(invert, "cannot follow " + shape.text + ", which turns; write invert before it");
}

Obstacle parse_entry(const std::vector<std::string>& words, int dim) {
  Obstacle o;
  o.text = joined(words);
  const auto d = static_cast<std::size_t>(dim - 2);
  const Form* form = nullptr;
  for (const auto& f : forms)
    if (words[0] == f.name) form = &f;
  if (!form) fail(o, "unknown shape; allowed: " + all_usages(dim));
  o.kind = form->kind;
  const std::string usage = form->usage[d];
  if (usage.empty())
    fail(o, std::string(form->name) + " needs three dimensions; allowed: " + all_usages(dim));
  std::size_t next = 1;
  const auto take = [&](std::string& target) {
    if (next >= words.size() || words[next].empty())
      fail(o, "no file name or dataset; write " + usage);
    target = words[next++];
  };
  if (o.kind == Kind::mesh || o.kind == Kind::mask) take(o.file);
  if (o.kind == Kind::mask) take(o.dataset);
  for (; next < words.size(); ++next) o.numbers.push_back(number(o, words[next]));
  bool fits = false;
  for (const auto count : form->counts[d]) fits = fits || o.numbers.size() == count;
  if (!fits) fail(o, std::to_string(o.numbers.size()) + " numbers; write " + usage);
  require_sense(o, static_cast<std::size_t>(dim));
  return o;
}

} // namespace

std::vector<Obstacle> parse_obstacles(const std::string& text, int dim) {
  std::vector<Obstacle> list;
  for (const auto& words : entries(text)) {
    Obstacle entry = parse_entry(words, dim);
    if (entry.kind == Kind::invert) require_no_motion_before(entry, list);
    if (entry.kind == Kind::turn)
      add_turn(entry, dim, list);
    else
      list.push_back(std::move(entry));
  }
  return list;
}

} // namespace linnet::problems
