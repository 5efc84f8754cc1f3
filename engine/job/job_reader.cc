// Job reader: one function for each member of job.json. Nothing is opened here but to tell whether
// a path leaves the job's folder.

#include "job/job_reader.h"

#include <fmt/format.h>

#include <algorithm>

#include "job/files.h"
#include "job/strict_object.h"
#include "text/json.h"

namespace qz::job {
namespace {

using text::JsonValue;

constexpr std::size_t kYearsMax = 200;

// A year of the cycle, 0 and a problem if it is none.
int read_year(const Reading& reading, const JsonValue& value) {
  const bool digits =
      value.text.size() == 4 && value.text.find_first_not_of("0123456789") == std::string::npos;
  if (digits && (value.is(JsonValue::Kind::kString) || value.is(JsonValue::Kind::kNumber)) &&
      value.text != "0000") {
    return std::stoi(value.text);
  }
  reading.problem(value, "malformed-job", "a year of the cycle is four digits (write \"2022\")",
                  "周期中的年份应为四位数字（请写 \"2022\"）");
  return 0;
}

void read_years(const Reading& reading, const JsonValue& value, Job& job) {
  int last = 0;
  read_list(reading, value, "cycle.years", [&](const JsonValue& item) {
    const int year = read_year(reading, item);
    if (year == 0) return;
    if (last != 0 && year != last + 1) {
      reading.problem(
          item, "malformed-job",
          fmt::format("the years of a cycle follow one another: {} after {:04} (write \"{:04}\")",
                      item.text, last, last + 1),
          fmt::format("周期的年份必须连续：{} 在 {:04} 之后（请写 \"{:04}\"）", item.text, last,
                      last + 1));
    }
    if (last == 0) job.cycle.year_first = year;
    last = year;
    job.years.push_back(item.text);
  });
  job.cycle.year_last = last;
  if (job.years.size() > kYearsMax) {
    reading.problem(value, "malformed-job", fmt::format("a cycle has at most {} years", kYearsMax),
                    fmt::format("一个周期最多 {} 年", kYearsMax));
  }
}

void read_cycle(const Reading& reading, const JsonValue& value, Job& job) {
  bool has_years = false;
  const bool is_object = read_object(
      reading, value, "cycle",
      {{"id", [&](const JsonValue& v) { job.cycle.id = read_text(reading, v, "cycle.id"); }},
       {"years", [&](const JsonValue& v) {
          has_years = true;
          read_years(reading, v, job);
        }}});
  if (!is_object) return;
  if (!has_years || value.find("id") == nullptr) {
    reading.problem(
        value, "malformed-job",
        "cycle needs an id and its years: {\"id\": \"2021-2022\", \"years\": [\"2021\", \"2022\"]}",
        "cycle 需要 id 和 years：{\"id\": \"2021-2022\", \"years\": [\"2021\", \"2022\"]}");
  }
}

void read_as_of(const Reading& reading, const JsonValue& value, std::optional<base::Date>& as_of) {
  const std::string text = read_text(reading, value, "as_of");
  if (text.empty()) return;
  as_of = base::Date::parse(text);
  if (as_of) return;
  reading.problem(value, "malformed-job",
                  fmt::format("as_of: \"{}\" is not a date (write 2023-12-31)", text),
                  fmt::format("as_of：\"{}\" 不是日期（请写 2023-12-31）", text));
}

void read_packs(const Reading& reading, const JsonValue& value, Job& job) {
  read_list(reading, value, "packs", [&](const JsonValue& item) {
    const std::string name = read_text(reading, item, "a pack");
    if (name.empty()) return;
    const std::string id = name.substr(0, name.find('@'));
    const bool twice = std::any_of(job.packs.begin(), job.packs.end(), [&](const Placed& other) {
      return other.name.substr(0, other.name.find('@')) == id;
    });
    if (twice) {
      reading.problem(item, "malformed-job", fmt::format("packs names {} twice", id),
                      fmt::format("packs 中 {} 出现两次", id));
    }
    job.packs.push_back({name, reading.place(item)});
  });
}

void read_texts_by_name(const Reading& reading, const JsonValue& value, std::string_view what,
                        std::map<std::string, std::string>& out) {
  if (!value.is(JsonValue::Kind::kObject)) {
    read_object(reading, value, what, {});
    return;
  }
  for (const auto& [name, member] : value.members) {
    const bool plain = member.is(JsonValue::Kind::kNumber) && !member.text.empty();
    out[name] = plain ? member.text : read_text(reading, member, name);
  }
}

void read_parameters(const Reading& reading, const JsonValue& value, Job& job) {
  if (!value.is(JsonValue::Kind::kObject)) {
    read_object(reading, value, "parameters", {});
    return;
  }
  for (const auto& [pack, member] : value.members) {
    read_texts_by_name(reading, member, pack, job.parameters[pack]);
  }
}

// `ignore`: "rest" or a list of headings.
void read_ignore(const Reading& reading, const JsonValue& value, read::TableFile& table) {
  if (!value.is(JsonValue::Kind::kString)) {
    read_list(reading, value, "ignore", [&](const JsonValue& item) {
      table.ignore.push_back(read_text(reading, item, "ignore"));
    });
    return;
  }
  table.ignore_rest = value.text == "rest";
  if (table.ignore_rest) return;
  reading.problem(value, "malformed-job", "ignore is \"rest\" or a list of headings",
                  "ignore 应为 \"rest\" 或表头列表");
}

class TablesReader {
 public:
  TablesReader(const Reading& reading, Job& job, bool context)
      : reading_(reading), job_(job), context_(context) {}

  void tables(const JsonValue& value) {
    if (!value.is(JsonValue::Kind::kObject)) {
      read_object(reading_, value, context_ ? "context" : "tables", {});
      return;
    }
    for (const auto& [table, member] : value.members) {
      if (!member.is(JsonValue::Kind::kArray)) {
        file(table, member);
        continue;
      }
      read_list(reading_, member, table,
                [&, &name = table](const JsonValue& item) { file(name, item); });
    }
  }

 private:
  void file(const std::string& table, const JsonValue& value) {
    JobFile out;
    out.table.table = table;
    out.table.context = context_;
    out.place = reading_.place(value);
    if (value.is(JsonValue::Kind::kObject)) {
      long_form(value, out.table);
    } else {
      out.table.name = read_text(reading_, value, table);
    }
    if (out.table.name.empty()) return;
    const auto path = path_inside(job_.folder, out.table.name, out.place);
    if (!path) reading_.problems.push_back(path.failure());
    job_.files.push_back(std::move(out));
  }

  void long_form(const JsonValue& value, read::TableFile& table) {
    const auto text = [&](std::string& to, std::string_view what) {
      return [this, &to, what](const JsonValue& v) { to = read_text(reading_, v, what); };
    };
    const auto texts = [&](std::map<std::string, std::string>& to, std::string_view what) {
      return [this, &to, what](const JsonValue& v) { read_texts_by_name(reading_, v, what, to); };
    };
    read_object(reading_, value, "a table's file",
                {{"file", text(table.name, "file")},
                 {"with", texts(table.with, "with")},
                 {"across", text(table.across, "across")},
                 {"columns", texts(table.columns, "columns")},
                 {"ignore", [&](const JsonValue& v) { read_ignore(reading_, v, table); }},
                 {"missing",
                  [&](const JsonValue& v) {
                    read_list(reading_, v, "missing", [&](const JsonValue& item) {
                      table.missing.push_back(read_text(reading_, item, "missing"));
                    });
                  }},
                 {"skip", text(table.skip, "skip")},
                 {"hours", [&](const JsonValue& v) { read_hours(v, table); }},
                 {"note", [](const JsonValue&) {}}});
    if (value.find("file") != nullptr) return;
    reading_.problem(value, "malformed-job", "a table's file needs the member \"file\"",
                     "表的文件说明缺少成员 \"file\"");
  }

  // How the file counts the hours of a day.
  void read_hours(const JsonValue& value, read::TableFile& table) {
    const std::string counted = read_text(reading_, value, "hours");
    table.hours_by_end = counted == "1-24";
    if (table.hours_by_end || counted == "0-23" || counted.empty()) return;
    reading_.problem(value, "malformed-job",
                     fmt::format("\"{}\" is no way to count hours: \"0-23\" or \"1-24\"", counted),
                     fmt::format("“{}”不是小时编号方式：应为 \"0-23\" 或 \"1-24\"", counted));
  }

  const Reading& reading_;
  Job& job_;
  bool context_;
};

// One file of moves, or a list of them.
void read_registry(const Reading& reading, const JsonValue& value, Job& job) {
  const auto add = [&](const JsonValue& item) {
    Placed file{read_text(reading, item, "registry"), reading.place(item)};
    if (file.name.empty()) return;
    const auto path = path_inside(job.folder, file.name, file.place);
    if (!path) reading.problems.push_back(path.failure());
    job.registry.push_back(std::move(file));
  };
  if (value.is(JsonValue::Kind::kArray)) return read_list(reading, value, "registry", add);
  add(value);
}

void demand_members(const Reading& reading, const JsonValue& document) {
  for (const char* name : {"job", "cycle", "packs", "tables"}) {
    if (document.find(name) != nullptr) continue;
    reading.problem(document, "malformed-job", fmt::format("the job has no member \"{}\"", name),
                    fmt::format("任务缺少成员 \"{}\"", name));
  }
}

}  // namespace

std::optional<Job> read_job(std::string_view bytes, const std::string& file,
                            base::Findings& problems) {
  const auto document = text::parse_json(bytes, file);
  if (!document) {
    problems.push_back(document.failure());
    return std::nullopt;
  }
  const std::size_t before = problems.size();
  const Reading reading{file, problems};
  Job job;
  job.file = file;
  job.folder = folder_of(file);
  std::optional<base::Date> as_of;
  const JsonValue* context = nullptr;
  const bool is_object = read_object(
      reading, *document, "the job",
      {{"job", [&](const JsonValue& v) { job.name = read_text(reading, v, "job"); }},
       {"title", [&](const JsonValue& v) { job.title = read_bilingual(reading, v, "title"); }},
       {"note", [](const JsonValue&) {}},
       {"cycle", [&](const JsonValue& v) { read_cycle(reading, v, job); }},
       {"as_of", [&](const JsonValue& v) { read_as_of(reading, v, as_of); }},
       {"subject", [&](const JsonValue& v) { job.subject = read_text(reading, v, "subject"); }},
       {"packs", [&](const JsonValue& v) { read_packs(reading, v, job); }},
       {"tables", [&](const JsonValue& v) { TablesReader(reading, job, false).tables(v); }},
       {"registry", [&](const JsonValue& v) { read_registry(reading, v, job); }},
       {"context", [&](const JsonValue& v) { context = &v; }},
       {"parameters", [&](const JsonValue& v) { read_parameters(reading, v, job); }},
       {"previous", [&](const JsonValue& v) {
          job.previous = {read_text(reading, v, "previous"), reading.place(v)};
        }}});
  if (context != nullptr) TablesReader(reading, job, true).tables(*context);
  if (is_object) demand_members(reading, *document);
  if (problems.size() > before) return std::nullopt;
  job.as_of = as_of.value_or(job.cycle.last_day());
  return job;
}

}  // namespace qz::job
