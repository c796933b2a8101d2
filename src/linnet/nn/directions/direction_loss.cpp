// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/nn/directions/direction_loss.hpp>

#include <cmath>

namespace linnet::nn {

namespace {

double dot(Vec x, Vec y) {
  PetscScalar value = 0.0;
  LINNET_CHECK(VecDot(x, y, &value));
  return value;
}

void clear(Vec gradient) {
  if (gradient) LINNET_CHECK(VecSet(gradient, 0.0));
}

} // namespace

DirectionLoss::DirectionLoss(DirectionLossType type, Mat A) : type_(type) {
  set_matrix(A);
  Vec image = nullptr, work = nullptr;
  LINNET_CHECK(MatCreateVecs(A, &work, &image));
  image_.reset(image);
  work_.reset(work);
}

void DirectionLoss::set_matrix(Mat A) {
  LINNET_CHECK(PetscObjectReference(reinterpret_cast<PetscObject>(A)));
  a_.reset(A);
}

double DirectionLoss::evaluate(Vec b, Vec e, Vec d, Vec gradient) {
  LINNET_CHECK(MatMult(a_.get(), d, image_.get()));
  switch (type_) {
  case DirectionLossType::line_search: return line_search(b, d, gradient);
  case DirectionLossType::energy: return energy(b, e, d, gradient);
  case DirectionLossType::residual: return residual(b, gradient);
  case DirectionLossType::minimal_residual: return minimal_residual(b, gradient);
  }
  return 0.0;
}

// With y = A d, s = d.y and a = (d.b)/s:
//   L |b|^2 = |b|^2 - 2 a b.y + a^2 y.y
//   gradient / 2 = a A (a y - b) + (a y.y - b.y) (b - 2 a y) / s
double DirectionLoss::line_search(Vec b, Vec d, Vec gradient) {
  Vec y = image_.get(), w = work_.get();
  const double s = dot(d, y), db = dot(d, b), by = dot(b, y), yy = dot(y, y), bb = dot(b, b);
  if (s == 0.0 || bb == 0.0) {
    clear(gradient);
    return 1.0;
  }
  const double a = db / s;
  if (gradient) {
    const double factor = 2.0 / bb, slope = factor * (a * yy - by) / s;
    LINNET_CHECK(VecCopy(b, w));
    LINNET_CHECK(VecAXPBY(w, a, -1.0, y)); // a y - b
    LINNET_CHECK(MatMult(a_.get(), w, gradient));
    LINNET_CHECK(VecScale(gradient, factor * a));
    LINNET_CHECK(VecAXPBYPCZ(gradient, slope, -2.0 * a * slope, 1.0, b, y));
  }
  return (bb - 2.0 * a * by + a * a * yy) / bb;
}

// With y = A d, s = d.y, q = d.b, E = b.e: L = 1 - q^2 / (s E),
//   gradient = -2 q / (s E) (b - q / s y).
double DirectionLoss::energy(Vec b, Vec e, Vec d, Vec gradient) {
  Vec y = image_.get();
  const double s = dot(d, y), q = dot(d, b), error = dot(b, e);
  if (s == 0.0 || error == 0.0) {
    clear(gradient);
    return 1.0;
  }
  const double factor = -2.0 * q / (s * error);
  if (gradient) {
    LINNET_CHECK(VecCopy(b, gradient));
    LINNET_CHECK(VecAXPBY(gradient, -factor * q / s, factor, y));
  }
  return 1.0 - q * q / (s * error);
}

// gradient = A (A d - b) / (|b - A d| |b|).
double DirectionLoss::residual(Vec b, Vec gradient) {
  Vec y = image_.get(), w = work_.get();
  LINNET_CHECK(VecWAXPY(w, -1.0, b, y));
  const double norm = std::sqrt(dot(w, w)), size = std::sqrt(dot(b, b));
  if (size == 0.0) {
    clear(gradient);
    return norm;
  }
  if (gradient) {
    LINNET_CHECK(MatMult(a_.get(), w, gradient));
    LINNET_CHECK(VecScale(gradient, norm > 0.0 ? 1.0 / (norm * size) : 0.0));
  }
  return norm / size;
}

// With y = A d, a = (b.y)/(y.y): L = 1 - a (b.y) / |b|^2, gradient = -2 a / |b|^2 A (b - a y).
double DirectionLoss::minimal_residual(Vec b, Vec gradient) {
  Vec y = image_.get(), w = work_.get();
  const double by = dot(b, y), yy = dot(y, y), bb = dot(b, b);
  if (yy == 0.0 || bb == 0.0) {
    clear(gradient);
    return 1.0;
  }
  const double a = by / yy;
  if (gradient) {
    LINNET_CHECK(VecWAXPY(w, -a, y, b));
    LINNET_CHECK(MatMult(a_.get(), w, gradient));
    LINNET_CHECK(VecScale(gradient, -2.0 * a / bb));
  }
  return 1.0 - a * by / bb;
}

} // namespace linnet::nn
