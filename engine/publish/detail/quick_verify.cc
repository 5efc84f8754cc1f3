// The file is cut into its lines in order; chunks of them are read back to leaves and hashed side
// by side, and their digests join the tree in order. Header and seal go through the strict readers,
// as a ledger of nothing else.

#include "publish/detail/quick_verify.h"

#include <algorithm>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "publish/detail/ledger_lines.h"
#include "publish/detail/quick_leaves.h"
#include "publish/ledger_json.h"
#include "publish/ledger_xml.h"
#include "seal/canonical.h"
#include "seal/figure_leaves.h"
#include "seal/in_turn.h"
#include "seal/merkle.h"

namespace qz::publish::detail {
namespace {

using Kind = LedgerLine::Kind;

constexpr std::size_t kChunkBytes = std::size_t{512} << 10;
constexpr std::size_t kChunkLines = 8192;
constexpr std::size_t kSkeletonBytesMax = std::size_t{64} << 20;

// Thrown where the strict way must decide; ends the work of all threads.
struct NotQuick {};

// What all threads share.
struct Shared {
  std::unique_ptr<LedgerLines> lines;
  bool xml = false;
  // Of the cutter: one thread at a time.
  std::string_view entity;  // the open one, as written
  bool in_entity = false;
  bool ended = false;
  seal::BlockTree tree;
  std::mutex mutex;
  std::map<std::string, std::vector<std::string>> key_orders;  // this and the next under `mutex`
  bool two_orders = false;
};

// One thread's share: see seal::run_in_turn().
class Worker {
 public:
  explicit Worker(Shared& shared)
      : shared_(shared), leaves_(std::make_unique<QuickLeaves>(shared.xml)) {}

  bool cut();
  template <class Wait>
  void prepare(const Wait&);
  void hand_over() { shared_.tree.add(digests_, blocks_); }
  void finish() {
    for (seal::BlockTree::Block& block : blocks_) shared_.tree.fold(block);
    blocks_.clear();
  }
  ~Worker() { keep_orders(); }
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;

 private:
  void open(std::string_view written) {
    if (!leaves_->entity(written, entity_)) throw NotQuick{};
  }
  void figure(std::string_view line, const std::string* entity) {
    if (figures_.entity != entity) hash_figures();
    figures_.entity = entity;
    if (!leaves_->figure(line, figures_)) throw NotQuick{};
  }
  void hash_figures() {
    if (!figures_.figures.empty()) figure_leaves_.digests(figures_, digests_);
    figures_.clear();
  }
  void hash_bytes() { digests_.push_back(seal::leaf_digest(bytes_)); }
  void keep_orders() noexcept;

  Shared& shared_;
  std::unique_ptr<QuickLeaves> leaves_;
  seal::FigureLeaves figure_leaves_;
  std::vector<LedgerLine> lines_;
  std::string_view entity_written_;  // at the chunk's beginning
  bool in_entity_ = false;
  std::string entity_;
  seal::Figures figures_;
  std::string bytes_;
  seal::Position position_;
  base::Finding finding_;
  std::vector<seal::Digest> digests_;
  std::vector<seal::BlockTree::Block> blocks_;
};

bool Worker::cut() {
  lines_.clear();
  entity_written_ = shared_.entity;
  in_entity_ = shared_.in_entity;
  std::size_t bytes = 0;
  while (!shared_.ended && bytes < kChunkBytes && lines_.size() < kChunkLines) {
    const LedgerLine line = shared_.lines->next();
    switch (line.kind) {
      case Kind::kUnknown:
        throw NotQuick{};
      case Kind::kEnd:
        shared_.ended = true;
        continue;
      case Kind::kEntity:
        shared_.entity = line.text;
        shared_.in_entity = true;
        break;
      case Kind::kEndEntity:
        shared_.in_entity = false;
        break;
      default:
        break;
    }
    bytes += line.text.size();
    lines_.push_back(line);
  }
  return !lines_.empty();
}

template <class Wait>
void Worker::prepare(const Wait&) {
  digests_.clear();
  figures_.clear();
  if (in_entity_) open(entity_written_);
  for (const LedgerLine& line : lines_) {
    switch (line.kind) {
      case Kind::kEntity:
        hash_figures();
        in_entity_ = true;
        open(line.text);
        break;
      case Kind::kEndEntity:
        hash_figures();
        in_entity_ = false;
        break;
      case Kind::kEntry:
        figure(line.text, &entity_);
        break;
      case Kind::kTotal:
        figure(line.text, nullptr);
        break;
      case Kind::kPosition:
        hash_figures();
        if (!leaves_->position(line.text, position_)) throw NotQuick{};
        bytes_.clear();
        seal::append_canonical(bytes_, position_, entity_);
        hash_bytes();
        break;
      case Kind::kFinding:
        hash_figures();
        if (!leaves_->finding(line.text, finding_)) throw NotQuick{};
        bytes_.clear();
        seal::append_canonical(bytes_, finding_, in_entity_ ? &entity_ : nullptr);
        hash_bytes();
        break;
      default:
        throw NotQuick{};
    }
  }
  hash_figures();
}

// Rows of one table name their key in one order, whichever thread meets them.
void Worker::keep_orders() noexcept {
  const std::lock_guard lock(shared_.mutex);
  for (const auto& [table, names] : leaves_->key_orders()) {
    const auto [found, is_new] = shared_.key_orders.emplace(table, names);
    if (!is_new && found->second != names) shared_.two_orders = true;
  }
}

// Takes the header and the seal of a ledger of nothing else.
class Ends : public seal::LeafSink {
 public:
  QuickVerdict verdict;
  void header(const seal::Header& header) override { verdict.header = header; }
  void begin_entity(const std::string&) override {}
  void entry(const seal::Entry&) override {}
  void position(const seal::Position&) override {}
  void finding(const base::Finding&) override {}
  void end_entity() override {}
  void total(const seal::Total&) override {}
  void seal(const seal::Seal& seal) override { verdict.seal = seal; }
};

template <class Writer>
std::string written(const QuickVerdict& verdict) {
  std::string out;
  Writer writer([&out](std::string_view bytes) { out += bytes; });
  writer.header(verdict.header);
  writer.seal(verdict.seal);
  return out;
}

std::optional<QuickVerdict> read_ends(const Shared& shared) {
  const std::string skeleton = shared.lines->skeleton();
  if (skeleton.empty() || skeleton.size() > kSkeletonBytesMax) return std::nullopt;
  Ends ends;
  const std::string file;
  const base::Result<bool> read =
      shared.xml ? read_ledger_xml(skeleton, file, ends) : read_ledger_json(skeleton, file, ends);
  if (!read) return std::nullopt;
  const std::string again =
      shared.xml ? written<XmlLedgerWriter>(ends.verdict) : written<JsonLedgerWriter>(ends.verdict);
  if (again != skeleton) return std::nullopt;
  return std::move(ends.verdict);
}

}  // namespace

std::optional<QuickVerdict> quick_verify(std::string_view bytes, int threads) {
  Shared shared;
  shared.xml = bytes.starts_with('<');
  shared.lines = ledger_lines(bytes);
  std::optional<QuickVerdict> verdict = read_ends(shared);
  if (!verdict) return std::nullopt;
  std::string header;
  seal::append_canonical(header, verdict->header);
  const seal::Digest first = seal::leaf_digest(header);
  std::vector<seal::BlockTree::Block> none;  // one leaf fills no block
  shared.tree.add({&first, 1}, none);
  try {
    seal::run_in_turn(threads, [&shared] { return Worker(shared); });
  } catch (const NotQuick&) {
    return std::nullopt;
  }
  if (shared.two_orders || shared.tree.leaves() != verdict->seal.leaves ||
      seal::hex(shared.tree.root()) != verdict->seal.root)
    return std::nullopt;
  return verdict;
}

}  // namespace qz::publish::detail
