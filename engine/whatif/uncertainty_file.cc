// Uncertainty file, reading: one function for each member; every problem in one pass.

#include "whatif/uncertainty_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>
#include <utility>

#include "exact/decimal.h"
#include "whatif/detail/written_members.h"

namespace qz::whatif {
namespace {

using detail::need;
using detail::problem;
using detail::too_many;
using exact::Number;
using job::Reading;
using text::JsonValue;

constexpr std::array<Shape, 4> kShapes = {Shape::kNormal, Shape::kLognormal, Shape::kUniform,
                                          Shape::kTriangular};

// A whole number that is written as one, or as a text.
std::optional<std::uint64_t> read_whole(const Reading& reading, const JsonValue& value,
                                        std::string_view what, std::uint64_t most) {
  const bool is_text = value.is(JsonValue::Kind::kString) || value.is(JsonValue::Kind::kNumber);
  std::uint64_t out = 0;
  bool good = is_text && !value.text.empty() && value.text.size() <= 20;
  for (const char c : value.text) {
    const auto digit = static_cast<std::uint64_t>(c - '0');
    good = good && c >= '0' && c <= '9' && out <= (most - std::min(digit, most)) / 10;
    if (!good) break;
    out = out * 10 + digit;
  }
  if (good) return out;
  problem(reading, value, fmt::format("{} is a whole number up to {}", what, most),
          fmt::format("{} 应为不超过 {} 的整数", what, most));
  return std::nullopt;
}

// {"times": […]}, {"plus": […]} or {"to": […]}: as many amounts as the shape has.
void read_ends(const Reading& reading, const JsonValue& value, std::string_view what,
               std::size_t count, WrittenUncertain& out) {
  const auto amounts = [&](Action action) {
    return [&, action](const JsonValue& list) {
      out.action = action;
      out.amounts.clear();
      job::read_list(reading, list, what, [&](const JsonValue& item) {
        if (auto amount = read_amount(reading, item, what)) out.amounts.push_back(*amount);
      });
      if (!list.is(JsonValue::Kind::kArray) || list.items.size() == count) return;
      problem(reading, list,
              count == 2 ? fmt::format("{} has two values: low and high", what)
                         : fmt::format("{} has three values: low, most likely and high", what),
              count == 2 ? fmt::format("{} 应有两个值：低、高", what)
                         : fmt::format("{} 应有三个值：低、最可能、高", what));
    };
  };
  if (!job::read_object(reading, value, what,
                        {{"times", amounts(Action::kTimes)},
                         {"plus", amounts(Action::kPlus)},
                         {"to", amounts(Action::kTo)}})) {
    return;
  }
  if (value.members.size() == 1) return;
  problem(reading, value, fmt::format("{} needs one of \"times\", \"plus\" and \"to\"", what),
          fmt::format("{} 需要 \"times\"、\"plus\"、\"to\" 之一", what));
}

// "5[%]": of the value, with 95 %; or {"plus": "20[t]"}.
void read_half_width(const Reading& reading, const JsonValue& value, std::string_view what,
                     WrittenUncertain& out) {
  if (!value.is(JsonValue::Kind::kObject) || out.shape == Shape::kLognormal) {
    out.action = Action::kTimes;
    if (auto amount = read_amount(reading, value, what)) out.amounts = {std::move(*amount)};
    return;
  }
  out.action = Action::kPlus;
  job::read_object(reading, value, what, {{"plus", [&](const JsonValue& v) {
                                             if (auto amount = read_amount(reading, v, what))
                                               out.amounts = {std::move(*amount)};
                                           }}});
  if (!value.members.empty()) return;
  problem(reading, value,
          fmt::format("{} is a half-width: \"5[%]\" or {{\"plus\": \"20[t]\"}}", what),
          fmt::format("{} 应为半宽：\"5[%]\" 或 {{\"plus\": \"20[t]\"}}", what));
}

// "row", or key columns.
void read_per(const Reading& reading, const JsonValue& value, WrittenUncertain& out) {
  if (value.is(JsonValue::Kind::kString) && value.text == "row") {
    out.each_row = true;
    return;
  }
  if (value.is(JsonValue::Kind::kArray)) {
    job::read_list(reading, value, "per", [&](const JsonValue& item) {
      out.per.push_back(job::read_text(reading, item, "per"));
    });
    return;
  }
  problem(reading, value, "per is \"row\" or a list of key columns",
          "per 应为 \"row\" 或键列的列表");
}

void check_source(const Reading& reading, const JsonValue& value, WrittenUncertain& out) {
  if (value.find("set") == nullptr) {
    problem(reading, value, "a source has no member \"set\"", "来源缺少成员 \"set\"");
  }
  const auto shapes = std::count_if(kShapes.begin(), kShapes.end(), [&](Shape shape) {
    return value.find(shape_name(shape)) != nullptr;
  });
  if (shapes != 1) {
    problem(reading, value,
            "a source needs one of \"normal\", \"lognormal\", \"uniform\" and \"triangular\"",
            "来源需要 \"normal\"、\"lognormal\"、\"uniform\"、\"triangular\" 之一");
  }
  const bool bounded = out.shape == Shape::kUniform || out.shape == Shape::kTriangular;
  if (bounded && (out.at_least || out.at_most)) {
    problem(
        reading, value,
        fmt::format("a {} source has limits already: \"at_least\" and \"at_most\" do not apply",
                    shape_name(out.shape)),
        fmt::format("{} 分布已有上下限，不能用 \"at_least\"、\"at_most\"", shape_name(out.shape)));
  }
  if (out.name.empty()) out.name = out.target.set;
  if (out.draw.empty()) out.draw = out.name;
}

WrittenUncertain read_source(const Reading& reading, const JsonValue& value) {
  WrittenUncertain out;
  out.place = reading.place(value);
  job::Members members = target_members(reading, out.target);
  const auto limit = [&](std::optional<Amount>& to, const char* what) {
    return [&, what](const JsonValue& v) { to = read_amount(reading, v, what); };
  };
  members.insert(
      members.end(),
      {{"name", [&](const JsonValue& v) { out.name = job::read_text(reading, v, "name"); }},
       {"title", [&](const JsonValue& v) { out.title = job::read_bilingual(reading, v, "title"); }},
       {"note", [](const JsonValue&) {}},
       {"draw", [&](const JsonValue& v) { out.draw = job::read_text(reading, v, "draw"); }},
       {"per", [&](const JsonValue& v) { read_per(reading, v, out); }},
       {"at_least", limit(out.at_least, "at_least")},
       {"at_most", limit(out.at_most, "at_most")}});
  for (const Shape shape : kShapes) {
    members.emplace_back(std::string(shape_name(shape)), [&, shape](const JsonValue& v) {
      out.shape = shape;
      const bool bounded = shape == Shape::kUniform || shape == Shape::kTriangular;
      if (!bounded) return read_half_width(reading, v, shape_name(shape), out);
      read_ends(reading, v, shape_name(shape), shape == Shape::kUniform ? 2 : 3, out);
    });
  }
  if (job::read_object(reading, value, "a source", members)) check_source(reading, value, out);
  return out;
}

void read_sources(const Reading& reading, const JsonValue& value, WrittenUncertainty& out) {
  std::set<std::string> names;
  job::read_list(reading, value, "sources", [&](const JsonValue& item) {
    if (out.sources.size() >= kUncertainMax) return;
    WrittenUncertain one = read_source(reading, item);
    if (!one.name.empty() && !names.insert(one.name).second) {
      problem(reading, item,
              fmt::format("two sources are called \"{}\" (give one a \"name\")", one.name),
              fmt::format("有两个来源同名 \"{}\"（请用 \"name\" 区分）", one.name));
    }
    out.sources.push_back(std::move(one));
  });
  if (value.items.size() > kUncertainMax) too_many(reading, value, "sources", kUncertainMax);
}

Target read_target(const Reading& reading, const JsonValue& value) {
  Target out;
  out.place = reading.place(value);
  const auto formula = [&](const JsonValue& v) {
    if (auto read = read_formula(reading, v, "of")) out.formula = std::move(*read);
  };
  if (value.is(JsonValue::Kind::kString)) {
    formula(value);
  } else {
    job::read_object(
        reading, value, "of",
        {{"name", [&](const JsonValue& v) { out.name = job::read_text(reading, v, "name"); }},
         {"of", formula},
         {"unit", [&](const JsonValue& v) { out.unit = job::read_text(reading, v, "unit"); }}});
    need(reading, value, "of", {"of"});
  }
  if (out.name.empty()) out.name = out.formula.text;
  return out;
}

void read_targets(const Reading& reading, const JsonValue& value, WrittenUncertainty& out) {
  if (!value.is(JsonValue::Kind::kArray)) {
    out.of.push_back(read_target(reading, value));
    return;
  }
  job::read_list(reading, value, "of", [&](const JsonValue& item) {
    if (out.of.size() < kReportsMax) out.of.push_back(read_target(reading, item));
  });
  if (value.items.size() > kReportsMax) too_many(reading, value, "of", kReportsMax);
}

void read_percentiles(const Reading& reading, const JsonValue& value, WrittenUncertainty& out) {
  out.percentiles.clear();
  job::read_list(reading, value, "percentiles", [&](const JsonValue& item) {
    const auto number = exact::parse_decimal(item.text);
    if (number && number->value.sign() > 0 && number->value < Number(100)) {
      out.percentiles.push_back({item.text, number->value});
      return;
    }
    problem(reading, item, "a percentile is a number between 0 and 100",
            "百分位数应为 0 与 100 之间的数");
  });
  if (value.items.size() <= kPercentilesMax) return;
  problem(reading, value, fmt::format("percentiles: at most {} are allowed", kPercentilesMax),
          fmt::format("percentiles：最多 {} 个", kPercentilesMax));
}

void check_size(const Reading& reading, const JsonValue& value, const WrittenUncertainty& out) {
  constexpr std::uint64_t kValuesMax = 4'000'000;
  if (out.samples == 1 || out.samples * out.of.size() > kValuesMax) {
    problem(reading, value,
            fmt::format("samples × expressions: at most {} are kept, and one sample is too few",
                        kValuesMax),
            fmt::format("样本数 × 表达式数：最多保留 {} 个，且样本不能只有 1 个", kValuesMax));
  }
}

}  // namespace

std::optional<WrittenUncertainty> read_uncertainty(const ScenariosFile& file,
                                                   base::Findings& problems) {
  const Reading reading = reading_of(file.file, problems);
  const JsonValue& value = file.uncertainty;
  const std::size_t before = problems.size();
  WrittenUncertainty out;
  out.place = reading.place(value);
  out.percentiles = {
      {"2.5", Number::ratio(5, 2)}, {"50", Number(50)}, {"97.5", Number::ratio(195, 2)}};
  const bool is_object = job::read_object(
      reading, value, "uncertainty",
      {{"of", [&](const JsonValue& v) { read_targets(reading, v, out); }},
       {"sources", [&](const JsonValue& v) { read_sources(reading, v, out); }},
       {"seed",
        [&](const JsonValue& v) {
          out.seed = read_whole(reading, v, "seed", ~std::uint64_t{0}).value_or(1);
        }},
       {"samples",
        [&](const JsonValue& v) {
          const auto whole = read_whole(reading, v, "samples", kSamplesMax);
          out.samples = static_cast<std::uint32_t>(whole.value_or(out.samples));
        }},
       {"percentiles", [&](const JsonValue& v) { read_percentiles(reading, v, out); }},
       {"note", [](const JsonValue&) {}}});
  if (is_object) {
    need(reading, value, "uncertainty", {"of", "sources"});
    check_size(reading, value, out);
  }
  if (problems.size() > before) return std::nullopt;
  return out;
}

}  // namespace qz::whatif
