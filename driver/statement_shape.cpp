#include "driver/statement_shape.h"

#include <algorithm>
#include <array>

#include "driver/text/character.h"

namespace driver {
namespace {

constexpr std::size_t kLongestText = 2000;  // bytes of a text that is worth keeping
constexpr std::size_t kMost = 64;           // shapes of a connection

constexpr std::string_view kHint = "/*fabric:";
constexpr std::string_view kHintEnd = "*/";

/// Zero: there is none.
std::size_t hint_size(std::string_view sql) {
  if (!sql.starts_with(kHint)) return 0;
  const std::size_t end = sql.find(kHintEnd, kHint.size());
  if (end == std::string_view::npos) return 0;
  const bool plain = sql.substr(0, end).find('{') == std::string_view::npos;  // an escape of ODBC
  return plain ? end + kHintEnd.size() : 0;
}

enum class Byte : std::uint8_t { kOther, kWord, kDigit, kString, kName, kComment, kRefused };

constexpr auto kBytes = [] {
  std::array<Byte, 256> table{};
  for (std::size_t i = 0; i < table.size(); ++i) {
    const char c = static_cast<char>(i);
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    if (letter || c == '_' || c == '$' || i >= 128) table[i] = Byte::kWord;
    if (is_digit(c)) table[i] = Byte::kDigit;
  }
  table['\''] = Byte::kString;
  table['`'] = Byte::kName;
  table['-'] = table['/'] = Byte::kComment;
  for (const char c : {'\0', '"', '#', '@', '\\', '{'}) {
    table[static_cast<unsigned char>(c)] = Byte::kRefused;
  }
  return table;
}();

Byte kind(char c) { return kBytes[static_cast<unsigned char>(c)]; }
bool in_word(char c) { return kind(c) == Byte::kWord || kind(c) == Byte::kDigit; }

/// Goes over a text, run by run.
class Shaper {
 public:
  Shaper(std::string_view sql, std::string& shape, TakenOut& taken_out)
      : sql_(sql),
        shape_(shape),
        literals_(taken_out.literals),
        kept_from_(taken_out.hint),
        at_(kept_from_) {}

  bool all() {
    while (at_ < sql_.size()) {
      if (!one()) return false;
    }
    shape_ += sql_.substr(kept_from_);
    return true;
  }

 private:
  bool one() {
    switch (kind(sql_[at_])) {
      case Byte::kWord:
        return take(word_end());
      case Byte::kDigit:
        return number();
      case Byte::kString:
        return string();
      case Byte::kName:
        return name();
      case Byte::kComment:
        return next() != (sql_[at_] == '-' ? '-' : '*') && take(at_ + 1);
      case Byte::kRefused:
        return false;
      case Byte::kOther:
        break;
    }
    return take(at_ + 1);
  }

  [[nodiscard]] char next() const { return at_ + 1 < sql_.size() ? sql_[at_ + 1] : '\0'; }
  [[nodiscard]] char before() const { return at_ > 0 ? sql_[at_ - 1] : '\0'; }

  [[nodiscard]] std::size_t word_end() const {
    std::size_t end = at_ + 1;
    while (end < sql_.size() && in_word(sql_[end])) ++end;
    return end;
  }

  bool take(std::size_t end) {
    at_ = end;
    return true;
  }

  bool take_out(std::size_t end, std::string_view mark) {
    shape_ += sql_.substr(kept_from_, at_ - kept_from_);
    shape_ += mark;
    literals_.push_back({at_, end - at_});
    at_ = kept_from_ = end;
    return true;
  }

  /// Digits alone; what has a point or runs on into a word stays as it is.
  bool number() {
    const std::size_t end = word_end();
    const auto from = sql_.begin() + static_cast<std::ptrdiff_t>(at_);
    const auto to = sql_.begin() + static_cast<std::ptrdiff_t>(end);
    const bool part = before() == '.' || (end < sql_.size() && sql_[end] == '.');
    if (part || !std::all_of(from, to, is_digit)) return take(end);
    return take_out(end, "0");
  }

  bool string() {
    const std::size_t end = sql_.find('\'', at_ + 1);
    if (end == std::string_view::npos || in_word(before())) return false;
    const std::string_view body = sql_.substr(at_ + 1, end - at_ - 1);
    const bool doubled = end + 1 < sql_.size() && sql_[end + 1] == '\'';
    if (doubled || body.find('\\') != std::string_view::npos) return false;
    return take_out(end + 1, "''");
  }

  bool name() {
    const std::size_t end = sql_.find('`', at_ + 1);
    return end != std::string_view::npos && take(end + 1);
  }

  std::string_view sql_;
  std::string& shape_;
  std::vector<routing::LiteralPlace>& literals_;
  std::size_t kept_from_;  ///< behind what was taken out last
  std::size_t at_;
};

/// Of these nothing is told that depends on what a literal says.
bool worth_keeping(const sql::StatementFacts& facts) {
  const sql::StatementKind kind = facts.kind;
  if (!facts.lock_name.empty()) return false;
  return kind == sql::StatementKind::kSelect || kind == sql::StatementKind::kInsert ||
         kind == sql::StatementKind::kUpdate || kind == sql::StatementKind::kDelete ||
         kind == sql::StatementKind::kReplace;
}

}  // namespace

sql::FabricComment plain_hint(std::string_view sql, const TakenOut& taken_out) {
  if (taken_out.hint == 0) return {};
  const std::size_t size = taken_out.hint - kHint.size() - kHintEnd.size();
  return {.text = sql.substr(kHint.size(), size), .count = 1};
}

bool shape_of(std::string_view sql, std::string& shape, TakenOut& taken_out) {
  shape.clear();
  taken_out.literals.clear();
  taken_out.hint = hint_size(sql);
  return sql.size() <= kLongestText && Shaper(sql, shape, taken_out).all();
}

std::shared_ptr<KnownShape> KnownShapes::find(std::string_view sql, TakenOut& taken_out) {
  if (!shape_of(sql, shape_, taken_out)) return nullptr;
  const auto found = known_.find(shape_);
  return found == known_.end() ? nullptr : found->second;
}

std::shared_ptr<KnownShape> KnownShapes::add(std::string_view sql, const sql::StatementFacts& facts,
                                             TakenOut& taken_out) {
  if (!worth_keeping(facts) || !shape_of(sql, shape_, taken_out)) return nullptr;
  if (known_.size() >= kMost) known_.clear();
  auto& known = known_[shape_];
  if (known == nullptr) {
    known = std::make_shared<KnownShape>(KnownShape{facts});
    known->facts.fabric_comment = {};
  }
  return known;
}

void KnownShapes::route_with(const fabric::TopologyPtr& topology) {
  if (topology_ == topology) return;
  for (const auto& [shape, known] : known_) known->routes = {};
  topology_ = topology;
}

}  // namespace driver
