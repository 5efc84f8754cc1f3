// One pass: the reader gives leaves, the sealer hashes them, the writer writes them again, and the
// check compares that with the file. The root proves the leaves; the comparison proves that the
// file says them in the one way in which they may be said.

#include "publish/verify_ledger.h"

#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "publish/detail/json_cursor.h"
#include "publish/detail/quick_verify.h"
#include "publish/detail/rewrite_check.h"
#include "publish/ledger_json.h"
#include "publish/ledger_xml.h"
#include "seal/sealer.h"

namespace qz::publish {
namespace {

using detail::RewriteCheck;

// RFC 8785 sorts the names of a key, so the root does not see their order. Rows of one table name
// them in one order, which is the pack's: that is what can be checked without the pack.
class KeyOrder {
 public:
  // False where an earlier row of the table named its key in another order.
  bool agrees(const seal::Entry& entry) {
    if (last_ == nullptr || last_->first != entry.table) {
      const auto [found, is_new] = names_.try_emplace(entry.table);
      last_ = &*found;
      if (is_new) {
        for (const auto& [name, value] : entry.key) {
          found->second.push_back(name);
          bytes_ += name.size();
        }
        bytes_ += entry.table.size() + kTableBytes;
        return true;
      }
    }
    const std::vector<std::string>& names = last_->second;
    if (names.size() != entry.key.size()) return false;
    for (std::size_t i = 0; i < names.size(); ++i) {
      if (names[i] != entry.key[i].first) return false;
    }
    return true;
  }

  // A hostile file may name a table in every row.
  bool is_full() const { return bytes_ > kBytesMax; }

 private:
  static constexpr std::size_t kBytesMax = 64u << 20;
  static constexpr std::size_t kTableBytes = 256;  // what the map itself needs

  std::map<std::string, std::vector<std::string>> names_;
  const std::pair<const std::string, std::vector<std::string>>* last_ = nullptr;
  std::size_t bytes_ = 0;
};

// Hands leaves to the sealer, and keeps the seal that the file claims.
class Verifier : public seal::LeafSink {
 public:
  explicit Verifier(std::vector<seal::LeafSink*> sinks) : sealer_(std::move(sinks)) {}

  void header(const seal::Header& header) override { sealer_.header(header); }
  void begin_entity(const std::string& entity) override { sealer_.begin_entity(entity); }
  void entry(const seal::Entry& entry) override {
    check_key(entry);
    sealer_.entry(entry);
  }
  void position(const seal::Position& position) override { sealer_.position(position); }
  void finding(const base::Finding& finding) override { sealer_.finding(finding); }
  void end_entity() override { sealer_.end_entity(); }
  void total(const seal::Total& total) override {
    check_key(total);
    sealer_.total(total);
  }
  void seal(const seal::Seal& seal) override {
    claimed_ = seal;
    computed_ = sealer_.finish();
  }

  const seal::Seal& computed() const { return computed_; }
  // What speaks against the file, after it was read to its end.
  std::optional<base::Finding> objection(const std::string& file) const;

 private:
  void check_key(const seal::Entry& entry) {
    if (disordered_table_ || keys_.is_full()) return;
    if (!keys_.agrees(entry)) disordered_table_ = entry.table;
  }

  seal::Sealer sealer_;
  KeyOrder keys_;
  std::optional<std::string> disordered_table_;
  seal::Seal claimed_;
  seal::Seal computed_;
};

std::optional<base::Finding> Verifier::objection(const std::string& file) const {
  if (claimed_.leaves != computed_.leaves) {
    const std::string stated = std::to_string(claimed_.leaves);
    const std::string counted = std::to_string(computed_.leaves);
    return base::failure(
        "seal-mismatch", {file, 0, 0},
        "the seal counts " + stated + " leaves, the ledger holds " + counted +
            ": it was changed after it was sealed",
        "封签记 " + stated + " 片叶子，台账实有 " + counted + " 片：封签之后被改动");
  }
  if (claimed_.root != computed_.root) {
    return base::failure("seal-mismatch", {file, 0, 0},
                         "the root in the seal is " + claimed_.root + ", the leaves give " +
                             computed_.root + ": the ledger was changed after it was sealed",
                         "封签的根为 " + claimed_.root + "，由叶子算得 " + computed_.root +
                             "：台账在封签之后被改动");
  }
  if (keys_.is_full()) {
    return base::failure("too-large", {file, 0, 0}, "the ledger names too many tables",
                         "台账的表过多");
  }
  if (disordered_table_) {
    return base::failure(
        "not-canonical", {file, 0, 0},
        "rows of table " + *disordered_table_ + " name their key in different orders",
        "表 " + *disordered_table_ + " 各行的键次序不一");
  }
  return std::nullopt;
}

// Takes the header and lets the rest pass.
class HeaderKeeper : public seal::LeafSink {
 public:
  seal::Header taken;
  void header(const seal::Header& header) override { taken = header; }
  void begin_entity(const std::string&) override {}
  void entry(const seal::Entry&) override {}
  void position(const seal::Position&) override {}
  void finding(const base::Finding&) override {}
  void end_entity() override {}
  void total(const seal::Total&) override {}
  void seal(const seal::Seal&) override {}
};

base::Finding not_canonical(std::string_view bytes, const std::string& file, std::size_t offset) {
  return base::failure("not-canonical", detail::place_at(bytes, offset, file),
                       "the leaves are sealed, but are not written here as a ledger writes them "
                       "(take the file as it was written)",
                       "叶子与封签相符，但此处的写法与台账的写法不同（请使用原始文件）");
}

template <class Writer, class Read>
base::Result<seal::Seal> verify(std::string_view bytes, const std::string& file,
                                seal::LeafSink* also, RewriteCheck::Space space, const Read& read) {
  RewriteCheck check(bytes, space);
  Writer writer([&check](std::string_view written) { check.written(written); });
  std::vector<seal::LeafSink*> sinks = {&writer};
  if (also != nullptr) sinks.push_back(also);
  Verifier verifier(std::move(sinks));
  const base::Result<bool> result = read(bytes, file, verifier);
  if (!result) return result.failure();
  if (std::optional<base::Finding> objection = verifier.objection(file)) return *objection;
  if (const auto offset = check.difference()) return not_canonical(bytes, file, *offset);
  return verifier.computed();
}

}  // namespace

base::Result<seal::Seal> verify_ledger(std::string_view bytes, const std::string& file,
                                       seal::LeafSink* also) {
  if (bytes.starts_with('<')) {
    return verify<XmlLedgerWriter>(bytes, file, also, RewriteCheck::Space::kCounts,
                                   read_ledger_xml);
  }
  return verify<JsonLedgerWriter>(bytes, file, also, RewriteCheck::Space::kFreeBetweenTokens,
                                  read_ledger_json);
}

base::Result<VerifiedLedger> verify_ledger_quickly(std::string_view bytes, const std::string& file,
                                                   int threads) {
  if (std::optional<detail::QuickVerdict> quick = detail::quick_verify(bytes, threads))
    return VerifiedLedger{std::move(quick->header), std::move(quick->seal)};
  HeaderKeeper keeper;
  base::Result<seal::Seal> seal = verify_ledger(bytes, file, &keeper);
  if (!seal) return seal.failure();
  return VerifiedLedger{std::move(keeper.taken), *std::move(seal)};
}

}  // namespace qz::publish
