// qz packs show and diff: what an edition says, and what it says differently from another.

#include <fmt/format.h>

#include <algorithm>

#include "cli/listing.h"
#include "cli/pack_commands.h"
#include "cli/print_findings.h"
#include "cli/print_result.h"
#include "cli/rules_command.h"
#include "rules/pack_diff.h"

namespace qz::cli {
namespace {

std::string cited(const std::string& cite) { return cite.empty() ? "" : "  [" + cite + "]"; }

std::string_view input_name(rules::InputKind input) {
  switch (input) {
    case rules::InputKind::kNone:
      return "";
    case rules::InputKind::kNumber:
      return "number";
    case rules::InputKind::kText:
      return "text";
    case rules::InputKind::kDate:
      return "date";
    case rules::InputKind::kBool:
      return "true or false";
    case rules::InputKind::kChoice:
      return "one of";
  }
  return "";
}

void append_choices(const rules::ColumnDefinition& column, std::string& out) {
  for (std::size_t i = 0; i < column.choices.size(); ++i) {
    out += (i == 0 ? " " : ", ") + column.choices[i].code;
  }
}

void append_column(const rules::ColumnDefinition& column, const Options& options,
                   std::string& out) {
  out += "  " + column.name;
  if (!column.unit.empty()) out += " [" + column.unit + "]";
  if (column.input != rules::InputKind::kNone) {
    out += fmt::format("  {} {}", options.say("input:", "填报："), input_name(column.input));
    append_choices(column, out);
    if (column.optional) out += options.say(", optional", "，可缺省");
  }
  if (column.report) out += options.say("  reported", "  上报");
  if (column.link) out += options.say("  link", "  链接");
  const std::string& label = column.label.in(options.language);
  if (!label.empty()) out += "  " + label;
  out += cited(column.cite) + "\n";
  if (column.when) out += "      when " + column.when->text + "\n";
  for (const rules::Case& one : column.cases) {
    out += "      = " + one.formula.text;
    if (one.when) out += "   when " + one.when->text;
    if (one.how != "formula") out += "   (" + one.how + ")";
    out += cited(one.cite) + "\n";
  }
}

void append_head(const rules::Pack& pack, const Options& options, std::string& out) {
  out += fmt::format("{}  {}\n", pack.name(), pack.title.in(options.language));
  const auto line = [&](std::string_view en, std::string_view zh, const std::string& value) {
    if (!value.empty()) out += fmt::format("{}{}\n", options.say(en, zh), value);
  };
  line("authority  ", "发布机关  ", pack.authority);
  line("document   ", "文件      ", pack.document);
  line("applies    ", "适用期    ",
       pack.applies_from.to_string() + " … " +
           (pack.applies_to ? pack.applies_to->to_string() : ""));
  line("extends    ", "基于      ", pack.extends);
  line("needs      ", "依赖      ", fmt::format("{}", fmt::join(pack.needs, ", ")));
  line("sha256     ", "sha256    ", pack.sha256);
  for (const rules::FactorUse& use : pack.factors) {
    line("factors    ", "因子表    ",
         use.alias + " = " + use.id + (use.version.empty() ? "" : "@" + use.version));
  }
  for (const rules::Constant& constant : pack.constants) {
    line("constant   ", "常数      ",
         fmt::format("{} = {} {}{}", constant.name, constant.text, constant.unit,
                     cited(constant.cite)));
  }
  for (const rules::Parameter& parameter : pack.parameters) {
    line("parameter  ", "参数      ",
         fmt::format("{} = {}  ({}){}", parameter.name, parameter.default_text,
                     parameter.is_number() ? parameter.unit
                                           : fmt::format("{}", fmt::join(parameter.choices, ", ")),
                     cited(parameter.cite)));
  }
}

std::string page_of(const rules::Pack& pack, const Options& options) {
  std::string out;
  append_head(pack, options, out);
  for (const rules::TableDefinition& table : pack.tables) {
    const std::string& label = table.label.in(options.language);
    out += fmt::format("\n{} ({}){}{}\n", table.name, fmt::join(table.key, ", "),
                       label.empty() ? "" : "  ", label);
    for (const rules::ColumnDefinition& column : table.columns) append_column(column, options, out);
  }
  if (!pack.checks.empty()) out += options.say("\nchecks\n", "\n校核\n");
  for (const rules::CheckDefinition& check : pack.checks) {
    out += fmt::format("  {}  {} {}: {}{}\n", check.id, base::severity_name(check.severity),
                       check.table, check.require.text, cited(check.cite));
    out += fmt::format("      {}\n", check.message.in(options.language));
  }
  if (!pack.examples.empty()) out += options.say("\nexamples\n", "\n算例\n");
  for (const rules::Example& example : pack.examples) {
    out += fmt::format("  {}  ({})\n", example.name, example.source);
  }
  return out;
}

std::string kind_text(rules::PackChange::Kind kind, const Options& options) {
  if (options.format != "text") {
    return kind == rules::PackChange::Kind::kAdded     ? "added"
           : kind == rules::PackChange::Kind::kRemoved ? "removed"
                                                       : "changed";
  }
  switch (kind) {
    case rules::PackChange::Kind::kAdded:
      return std::string(options.say("added", "新增"));
    case rules::PackChange::Kind::kRemoved:
      return std::string(options.say("removed", "删除"));
    case rules::PackChange::Kind::kChanged:
      break;
  }
  return std::string(options.say("changed", "修改"));
}

// The one edition that a name means, or nothing with a message.
std::shared_ptr<const rules::Pack> one_edition(const job::LoadedRules& rules, const PackName& name,
                                               const Options& options, int& code) {
  const auto editions = editions_of(rules, name);
  if (editions.size() == 1) return editions.front();
  std::vector<std::string> names;
  names.reserve(editions.size());
  for (const auto& pack : editions) names.push_back(pack->name());
  code =
      fail(kExitUsage, options.zh() ? fmt::format("请指明版本：{}", fmt::join(names, ", "))
                                    : fmt::format("name the edition: {}", fmt::join(names, ", ")));
  return nullptr;
}

Listing changes_listing(const std::vector<rules::PackChange>& changes, const Options& options) {
  Listing out({{"change", {"Change", "变更"}},
               {"what", {"What", "类别"}},
               {"name", {"Name", "名称"}},
               {"member", {"Member", "属性"}},
               {"before", {"Before", "原"}},
               {"after", {"After", "新"}}});
  for (const rules::PackChange& change : changes) {
    out.add({kind_text(change.kind, options), change.what, change.name, change.member,
             change.before, change.after});
  }
  return out;
}

// The one edition that `pack` names: an installed one, or a file anywhere.
std::shared_ptr<const rules::Pack> edition_named(const std::string& pack, const Options& options,
                                                 int& code) {
  auto installation = load_installation(options, code);
  if (!installation) return nullptr;
  const auto name = find_pack(pack, *installation, options, code);
  if (!name) return nullptr;
  const auto rules = load_rules(*installation, {name->id}, options, code);
  return rules ? one_edition(*rules, *name, options, code) : nullptr;
}

}  // namespace

int show_pack(const std::string& pack, const Options& options) {
  int code = kExitClean;
  auto installation = load_installation(options, code);
  if (!installation) return code;
  const auto name = find_pack(pack, *installation, options, code);
  if (!name) return code;
  const auto rules = load_rules(*installation, {name->id}, options, code);
  if (!rules) return code;
  const auto editions = editions_of(*rules, *name);
  std::string out;
  for (const auto& edition : editions) {
    if (options.format == "json") {
      if (editions.size() > 1) out += out.empty() ? "[\n" : ",\n";
      out += installation->pack(edition->id, edition->version)->file.bytes;
    } else {
      out += (out.empty() ? "" : "\n\n") + page_of(*edition, options);
    }
  }
  if (options.format == "json" && editions.size() > 1) out += "]\n";
  return give_result(out, options);
}

int diff_packs(const std::string& before, const std::string& after, const Options& options) {
  int code = kExitClean;
  // Each side among the installed packs by itself: a file may be an edited copy of the other side.
  const auto newer = edition_named(after.empty() ? before : after, options, code);
  if (!newer) return code;
  if (after.empty() && newer->extends.empty()) {
    return fail(kExitUsage, options.zh()
                                ? fmt::format("{} 未基于其他版本；请给出两个版本", newer->name())
                                : fmt::format("{} extends no edition; name two", newer->name()));
  }
  const auto older =
      edition_named(after.empty() ? newer->id + "@" + newer->extends : before, options, code);
  if (!older) return code;
  const Listing listing = changes_listing(rules::diff(*older, *newer), options);
  return give_result(listing.in(options.format, options.language), options);
}

}  // namespace qz::cli
