// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/core/stop_request.hpp>

#include <csignal>

namespace linnet::core {
namespace {

volatile std::sig_atomic_t caught = 0;
constexpr int watched[] = {SIGTERM, SIGINT, SIGUSR1};
struct sigaction former[3];

void remember(int number) { caught = number; }

} // namespace

StopSignals::StopSignals() {
  caught = 0;
  struct sigaction action {};
  action.sa_handler = remember;
  action.sa_flags = SA_RESTART | static_cast<int>(SA_RESETHAND);
  sigemptyset(&action.sa_mask);
  for (int i = 0; i < 3; ++i) sigaction(watched[i], &action, &former[i]);
}

StopSignals::~StopSignals() {
  for (int i = 0; i < 3; ++i) sigaction(watched[i], &former[i], nullptr);
}

int StopSignals::received() { return caught; }

const char* signal_name(int signal) {
  switch (signal) {
  case SIGTERM: return "SIGTERM";
  case SIGINT: return "SIGINT";
  case SIGUSR1: return "SIGUSR1";
  default: return "a signal";
  }
}

} // namespace linnet::core
