// decimal_advice: what a person meant by a text that is no number, said only where it is certain.

#include <algorithm>
#include <cstdint>

#include "exact/decimal.h"

namespace qz::exact {
namespace {

// A character that people type instead of an ASCII one: full-width forms, other minus signs, the
// spaces and commas that separate thousands.
struct StandIn {
  std::string_view bytes;
  char meaning;
};

constexpr StandIn kStandIns[] = {
    {"０", '0'},     {"１", '1'},     {"２", '2'},     {"３", '3'},     {"４", '4'},
    {"５", '5'},     {"６", '6'},     {"７", '7'},     {"８", '8'},     {"９", '9'},
    {"．", '.'},     {"，", ','},     {"－", '-'},     {"−", '-'},      {"＋", '+'},
    {"\u3000", ' '}, {"\u00a0", ' '}, {"\u2009", ' '}, {"\u202f", ' '},
};

std::string half_width(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const auto* const found =
        std::find_if(std::begin(kStandIns), std::end(kStandIns),
                     [&](const StandIn& s) { return text.starts_with(s.bytes); });
    const bool known = found != std::end(kStandIns);
    out += known ? found->meaning : text[0];
    text.remove_prefix(known ? found->bytes.size() : 1);
  }
  return out;
}

std::string_view trimmed(std::string_view text) {
  const auto is_blank = [](char c) { return c == ' ' || c == '\t'; };
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text;
}

// "1,200,300.5" without its separators if every group after the first has three digits; else empty.
std::string without_groups(std::string_view text, char separator) {
  const std::size_t point = std::min(text.find('.'), text.size());
  const std::size_t start = text.starts_with('-') || text.starts_with('+') ? 1 : 0;
  std::string out(text.substr(0, start));
  std::size_t digits = 0;
  bool first = true;
  for (std::size_t i = start; i < point; ++i) {
    if (text[i] == separator) {
      if (first ? digits < 1 || digits > 3 : digits != 3) return {};
      first = false;
      digits = 0;
    } else {
      ++digits;
      out += text[i];
    }
  }
  if (first || digits != 3) return {};
  return out + std::string(text.substr(point));
}

// The number that was meant, or "".
std::string suggestion(std::string_view text) {
  const std::string plain = half_width(text);
  const std::string_view core = trimmed(plain);
  std::string candidates[] = {
      std::string(core), without_groups(core, ','), without_groups(core, ' '), {}, {}};
  if (core.starts_with('.')) candidates[3] = "0" + std::string(core);
  if (core.ends_with('.')) candidates[4] = std::string(core.substr(0, core.size() - 1));
  for (const std::string& candidate : candidates) {
    if (candidate != text && parse_decimal(candidate)) return candidate;
  }
  return {};
}

}  // namespace

std::string decimal_advice(std::string_view text, DecimalProblem problem, bool zh) {
  switch (problem) {
    case DecimalProblem::kNone:
      return {};
    case DecimalProblem::kEmpty:
      return zh ? "为空，应填数字" : "is empty where a number is needed";
    case DecimalProblem::kTooLong:
      return zh ? "超过 100 位数字" : "has more than 100 digits";
    case DecimalProblem::kExponentTooLarge:
      return zh ? "指数超出 ±100" : "has an exponent beyond 100";
    case DecimalProblem::kMalformed:
      break;
  }
  const std::string better = suggestion(text);
  const std::string_view core = trimmed(text);
  if (better.empty() && core.ends_with('%') &&
      parse_decimal(trimmed(core.substr(0, core.size() - 1)))) {
    return zh ? "不是数字（请去掉 %，并在列名后注明 [%]）"
              : "is not a number (leave out the %, and say [%] in the heading)";
  }
  if (better.empty()) return zh ? "不是数字" : "is not a number";
  return zh ? "不是数字（请写 " + better + "）" : "is not a number (write " + better + ")";
}

}  // namespace qz::exact
