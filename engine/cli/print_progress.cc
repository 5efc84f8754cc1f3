#include "cli/print_progress.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>

namespace qz::cli {
namespace {

constexpr int kBarWidth = 40;
constexpr std::chrono::milliseconds kSilence{1000};
constexpr std::chrono::milliseconds kPause{100};

}  // namespace

ProgressLine::ProgressLine(const Options& options)
    : label_(options.say("computing", "计算中")),
      terminal_(::isatty(STDERR_FILENO) == 1),
      begun_(std::chrono::steady_clock::now()),
      drawn_(begun_) {}

ProgressLine::~ProgressLine() {
  if (visible_) std::fputs("\r\033[K", stderr);
}

compute::Progress ProgressLine::reporter() {
  if (!terminal_) return {};
  return {[this](int thousandths) { show(thousandths); }};
}

void ProgressLine::show(int thousandths) {
  const auto now = std::chrono::steady_clock::now();
  if (now - begun_ < kSilence || now - drawn_ < kPause) return;
  drawn_ = now;
  visible_ = true;
  const int done = std::clamp(thousandths, 0, 1000);
  const int full = done * kBarWidth / 1000;
  fmt::print(stderr, "\r{} [{}{}] {:3} %\033[K", label_,
             std::string(static_cast<std::size_t>(full), '#'),
             std::string(static_cast<std::size_t>(kBarWidth - full), '.'), done / 10);
}

}  // namespace qz::cli
