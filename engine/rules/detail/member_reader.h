// MemberReader: the members of one pack file, read strictly: a wrong kind, a bad value or an
// unknown member is one problem with its place, and reading goes on.
//
// It keeps the path to where it reads ("tables.unit.columns.capacity"), which begins every message.

#ifndef QZ_RULES_DETAIL_MEMBER_READER_H_
#define QZ_RULES_DETAIL_MEMBER_READER_H_

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/date.h"
#include "base/finding.h"
#include "base/place.h"
#include "exact/number.h"
#include "rules/pack.h"
#include "text/json.h"

namespace qz::rules::detail {

class MemberReader {
 public:
  using Kind = text::JsonValue::Kind;

  MemberReader(std::string file, base::Findings& problems)
      : file_(std::move(file)), problems_(problems) {}

  const std::string& file() const { return file_; }
  base::Place place(const text::JsonValue& value) const;
  // Adds an error at `value`, with the path before the sentence.
  void problem(const text::JsonValue& value, const std::string& en, const std::string& zh,
               const char* code = "malformed-pack");

  // Within the life of a Step the path is one name longer.
  class Step {
   public:
    Step(MemberReader& reader, std::string_view name);
    ~Step();
    Step(const Step&) = delete;
    Step& operator=(const Step&) = delete;

   private:
    MemberReader& reader_;
    std::size_t before_;
  };

  // False, and a problem, if `value` is of another kind.
  bool expect(const text::JsonValue& value, Kind kind);
  // False, and a problem that says `en`, `zh` was expected.
  bool refuse_kind(const text::JsonValue& value, const std::string& en, const std::string& zh);
  // A number, or a text that should be one.
  bool expect_number(const text::JsonValue& value);
  // Refuses members that are neither in `known` nor "note" (which any object may have).
  void refuse_unknown(const text::JsonValue& object, std::initializer_list<const char*> known);
  // Refuses an object that lacks the member.
  bool require(const text::JsonValue& object, const char* name);

  // Each reads a member, if it is there and right, into `out`, and says whether it did.
  bool read(const text::JsonValue& object, const char* name, std::string& out);
  bool read(const text::JsonValue& object, const char* name, bool& out);
  bool read(const text::JsonValue& object, const char* name, base::Bilingual& out);
  bool read(const text::JsonValue& object, const char* name, std::optional<exact::Number>& out);
  bool read(const text::JsonValue& object, const char* name, std::optional<base::Date>& out);
  bool read(const text::JsonValue& object, const char* name, std::optional<Formula>& out);
  bool read(const text::JsonValue& object, const char* name, std::vector<std::string>& out);
  // A whole number from `least` to `most`.
  bool read(const text::JsonValue& object, const char* name, std::optional<std::int32_t>& out,
            std::int32_t least, std::int32_t most);
  // One of `words`, with the nearest one where it is none of them.
  bool read_word(const text::JsonValue& object, const char* name,
                 const std::vector<std::string>& words, std::string& out);

  // The same for values that are no members.
  std::optional<std::string> text(const text::JsonValue& value);
  std::optional<base::Bilingual> bilingual(const text::JsonValue& value);
  std::optional<exact::Number> number(const text::JsonValue& value);
  std::optional<Formula> formula(const text::JsonValue& value);
  std::optional<std::int32_t> integer(const text::JsonValue& value, std::int32_t least,
                                      std::int32_t most);
  std::vector<std::string> texts(const text::JsonValue& value);

  // A list's items or an object's members, one after another, with the path set to each.
  void each_item(const text::JsonValue& list,
                 const std::function<void(const text::JsonValue&)>& visit);
  void each_member(const text::JsonValue& object,
                   const std::function<void(const std::string&, const text::JsonValue&)>& visit);

  // Refuses what is no name of the grammar.
  bool check_name(const std::string& name, const text::JsonValue& value);
  // Refuses a pack, table or check id that is not words of letters, digits, "_", "-" and dots.
  bool check_id(const std::string& id, const text::JsonValue& value);

 private:
  std::string file_;
  base::Findings& problems_;
  std::string path_;
};

// "did you mean" in both languages; empty where nothing is near.
base::Bilingual hint(std::string_view name, const std::vector<std::string>& known);

}  // namespace qz::rules::detail

#endif  // QZ_RULES_DETAIL_MEMBER_READER_H_
