// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/core/expression.hpp>

#include <linnet/core/error.hpp>

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <map>
#include <numbers>

namespace linnet::core {

namespace {
constexpr int max_depth = 32;

// Most powers in decks are squares, and std::pow takes as long as the rest of such an expression.
double power(double a, double b) {
  if (b == 2.0) return a * a;
  if (b == 3.0) return a * a * a;
  return std::pow(a, b);
}
Jet power(const Jet& a, const Jet& b) { return pow(a, b); }

} // namespace

/// Recursive descent from text to postfix.
class ExpressionParser {
public:
  using Op = Expression::Op;

  ExpressionParser(const std::string& text, const std::string& fourth)
      : text_(text), fourth_(fourth) {}

  Expression run() {
    sum();
    if (skip_space() < text_.size()) fail("unexpected '" + std::string(1, text_[at_]) + "'");
    result_.text_ = text_;
    return result_;
  }

private:
  [[noreturn]] void fail(const std::string& what) const {
    throw_usage("'" + text_ + "', character " + std::to_string(at_ + 1) + ": " + what +
                "; allowed: numbers, x, y, z, " + fourth_ +
                ", pi, + - * / ^ ( ), sin cos exp log sqrt tanh abs step min max");
  }

  std::size_t skip_space() {
    while (at_ < text_.size() && std::isspace(static_cast<unsigned char>(text_[at_]))) ++at_;
    return at_;
  }

  bool accept(char c) {
    if (skip_space() >= text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }

  void emit(Op op, int effect, double number = 0.0) {
    result_.program_.push_back({op, number});
    height_ += effect;
    result_.depth_ = std::max(result_.depth_, height_);
    if (height_ > max_depth) fail("nested too deeply");
  }

  void sum() {
    if (++nesting_ > 200) fail("nested too deeply");
    product();
    for (;;) {
      if (accept('+'))
        product(), emit(Op::add, -1);
      else if (accept('-'))
        product(), emit(Op::subtract, -1);
      else
        break;
    }
    --nesting_;
  }

  void product() {
    signed_factor();
    for (;;) {
      if (accept('*'))
        signed_factor(), emit(Op::multiply, -1);
      else if (accept('/'))
        signed_factor(), emit(Op::divide, -1);
      else
        return;
    }
  }

  void signed_factor() {
    bool negative = false;
    for (;;) {
      if (accept('-'))
        negative = !negative;
      else if (!accept('+'))
        break;
    }
    power();
    if (negative) emit(Op::negate, 0);
  }

  void power() {
    atom();
    if (!accept('^')) return;
    if (++nesting_ > 200) fail("nested too deeply");
    signed_factor();
    --nesting_;
    emit(Op::power, -1);
  }

  void atom() {
    if (skip_space() >= text_.size()) fail("something is missing at the end");
    if (accept('(')) {
      sum();
      if (!accept(')')) fail("')' is missing");
    } else if (std::isalpha(static_cast<unsigned char>(text_[at_]))) {
      name();
    } else {
      number();
    }
  }

  void number() {
    double v = 0.0;
    const char* begin = text_.data() + at_;
    const auto [end, error] = std::from_chars(begin, text_.data() + text_.size(), v);
    if (error != std::errc{} || end == begin) fail("a number, name or '(' is missing");
    at_ += static_cast<std::size_t>(end - begin);
    emit(Op::constant, 1, v);
  }

  void name() {
    static const std::map<std::string, Op> coordinates{{"x", Op::x}, {"y", Op::y}, {"z", Op::z}};
    static const std::map<std::string, Op> functions{
        {"sin", Op::sin},   {"cos", Op::cos},   {"exp", Op::exp}, {"log", Op::log},
        {"sqrt", Op::sqrt}, {"tanh", Op::tanh}, {"abs", Op::abs}, {"step", Op::step},
        {"min", Op::min},   {"max", Op::max}};
    const std::size_t begin = at_;
    std::size_t end = at_;
    while (end < text_.size() && std::isalnum(static_cast<unsigned char>(text_[end]))) ++end;
    const std::string word = text_.substr(begin, end - begin);
    if (word == "pi") {
      at_ = end;
      return emit(Op::constant, 1, std::numbers::pi);
    }
    if (word == fourth_) {
      at_ = end;
      return emit(Op::t, 1);
    }
    if (const auto v = coordinates.find(word); v != coordinates.end()) {
      at_ = end;
      return emit(v->second, 1);
    }
    const auto f = functions.find(word);
    if (f == functions.end()) fail("unknown name '" + word + "'");
    at_ = end;
    call(f->second);
  }

  void call(Op op) {
    const bool two = op == Op::min || op == Op::max;
    if (!accept('(')) fail("'(' is missing");
    sum();
    if (two) {
      if (!accept(',')) fail("the second argument is missing");
      sum();
    }
    if (!accept(')')) fail("')' is missing");
    emit(op, two ? -1 : 0);
  }

  const std::string& text_;
  const std::string& fourth_;
  std::size_t at_ = 0;
  int height_ = 0;
  int nesting_ = 0;
  Expression result_ = [] {
    Expression e;
    e.program_.clear();
    return e;
  }();
};

Expression::Expression(double constant)
    : program_{{Op::constant, constant}}, text_(std::to_string(constant)) {}

Expression Expression::parse(const std::string& text, const std::string& fourth) {
  return ExpressionParser(text, fourth).run();
}

// Inlined where it is called: a call for every operation would take longer than most of them.
template <class Unary, class Binary>
[[gnu::always_inline]] inline void Expression::with_operation(Op op, const Unary& unary,
                                                              const Binary& binary) {
  using std::abs, std::cos, std::exp, std::log, std::max, std::min, std::sin, std::sqrt, std::tanh;
  switch (op) {
  case Op::negate: return unary([](const auto& a) { return -a; });
  case Op::sin: return unary([](const auto& a) { return sin(a); });
  case Op::cos: return unary([](const auto& a) { return cos(a); });
  case Op::exp: return unary([](const auto& a) { return exp(a); });
  case Op::log: return unary([](const auto& a) { return log(a); });
  case Op::sqrt: return unary([](const auto& a) { return sqrt(a); });
  case Op::tanh: return unary([](const auto& a) { return tanh(a); });
  case Op::abs: return unary([](const auto& a) { return abs(a); });
  case Op::step: return unary([](const auto& a) { return step(a); });
  case Op::add: return binary([](const auto& a, const auto& b) { return a + b; });
  case Op::subtract: return binary([](const auto& a, const auto& b) { return a - b; });
  case Op::multiply: return binary([](const auto& a, const auto& b) { return a * b; });
  case Op::divide: return binary([](const auto& a, const auto& b) { return a / b; });
  case Op::power: return binary([](const auto& a, const auto& b) { return power(a, b); });
  case Op::min: return binary([](const auto& a, const auto& b) { return min(a, b); });
  case Op::max: return binary([](const auto& a, const auto& b) { return max(a, b); });
  default: return;
  }
}

template <class T>
T Expression::evaluate(const T (&variables)[4]) const {
  std::array<T, max_depth> stack;
  int top = -1; // index of the topmost value
  for (const auto& [op, number] : program_) {
    if (op == Op::constant)
      stack[++top] = T(number);
    else if (op <= Op::t)
      stack[++top] = variables[static_cast<int>(op) - static_cast<int>(Op::x)];
    else
      with_operation(
          op, [&](const auto& f) { stack[top] = f(stack[top]); },
          [&](const auto& f) { --top, stack[top] = f(stack[top], stack[top + 1]); });
  }
  return stack[0];
}

namespace {

/// An operand at all points of a row, in one number where it is the same at all.
struct RowOperand {
  bool is_number = true;
  double number = 0.0;
  std::array<double, Expression::row_length> values; // set where it is none

  void set(double v) { is_number = true, number = v; }
  void set(const double* v, int count) {
    is_number = false;
    std::copy(v, v + count, values.begin());
  }
};

template <class F>
void apply(RowOperand& a, int count, const F& f) {
  if (a.is_number)
    a.number = f(a.number);
  else
    for (int i = 0; i < count; ++i) a.values[i] = f(a.values[i]);
}

/// a = f(a, b).
template <class F>
void apply(RowOperand& a, const RowOperand& b, int count, const F& f) {
  if (a.is_number && b.is_number) return a.set(f(a.number, b.number));
  const double first = a.number, second = b.number;
  if (a.is_number)
    for (int i = 0; i < count; ++i) a.values[i] = f(first, b.values[i]);
  else if (b.is_number)
    for (int i = 0; i < count; ++i) a.values[i] = f(a.values[i], second);
  else
    for (int i = 0; i < count; ++i) a.values[i] = f(a.values[i], b.values[i]);
  a.is_number = false;
}

} // namespace

void Expression::evaluate_row(const double* x, int count, const double (&variables)[4],
                              double* values) const {
  std::array<RowOperand, max_depth> stack;
  int top = -1;
  for (const auto& [op, number] : program_) {
    if (op == Op::constant)
      stack[++top].set(number);
    else if (op == Op::x)
      stack[++top].set(x, count);
    else if (op <= Op::t)
      stack[++top].set(variables[static_cast<int>(op) - static_cast<int>(Op::x)]);
    else
      with_operation(
          op, [&](const auto& f) { apply(stack[top], count, f); },
          [&](const auto& f) { --top, apply(stack[top], stack[top + 1], count, f); });
  }
  if (stack[0].is_number)
    std::fill(values, values + count, stack[0].number);
  else
    std::copy(stack[0].values.begin(), stack[0].values.begin() + count, values);
}

void Expression::along_x(std::span<const double> x, double y, double z, double t,
                         std::span<double> values) const {
  const double variables[4] = {0.0, y, z, t};
  for (std::size_t begin = 0; begin < x.size(); begin += row_length) {
    const auto count = std::min<std::size_t>(row_length, x.size() - begin);
    evaluate_row(x.data() + begin, static_cast<int>(count), variables, values.data() + begin);
  }
}

double Expression::operator()(const Real3& p, double t) const {
  if (program_.size() == 1 && program_[0].op == Op::constant) return program_[0].number;
  const double variables[4] = {p[0], p[1], p[2], t};
  return evaluate(variables);
}

Jet Expression::jet(const Real3& p, double t) const {
  const Jet variables[4] = {Jet::variable(p[0], 0), Jet::variable(p[1], 1), Jet::variable(p[2], 2),
                            Jet::variable(t, 3)};
  return evaluate(variables);
}

bool Expression::is_constant() const {
  return std::none_of(program_.begin(), program_.end(),
                      [](const Instruction& i) { return i.op >= Op::x && i.op <= Op::t; });
}

bool Expression::depends_on_time() const {
  return std::any_of(program_.begin(), program_.end(),
                     [](const Instruction& i) { return i.op == Op::t; });
}

bool Expression::depends_on(int d) const {
  const Op op = d == 0 ? Op::x : d == 1 ? Op::y : Op::z;
  return std::any_of(program_.begin(), program_.end(),
                     [op](const Instruction& i) { return i.op == op; });
}

} // namespace linnet::core
