#include "driver/statement_shape.h"

#include <algorithm>
#include <array>

#include "driver/text/character.h"

namespace driver {
namespace {

constexpr std::size_t kLongest = 2000;  // bytes of a text that is worth keeping
constexpr std::size_t kMost = 64;       // shapes of a connection

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
  Shaper(std::string_view sql, std::string& shape) : sql_(sql), shape_(shape) {}

  bool all() {
    while (at_ < sql_.size()) {
      if (!one()) return false;
    }
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
    shape_.append(sql_, at_, end - at_);
    at_ = end;
    return true;
  }

  bool leave_out(std::size_t end, std::string_view mark) {
    shape_ += mark;
    at_ = end;
    return true;
  }

  /// Digits alone; what has a point or runs on into a word stays as it is.
  bool number() {
    const std::size_t end = word_end();
    const auto from = sql_.begin() + static_cast<std::ptrdiff_t>(at_);
    const auto to = sql_.begin() + static_cast<std::ptrdiff_t>(end);
    const bool part = before() == '.' || (end < sql_.size() && sql_[end] == '.');
    if (part || !std::all_of(from, to, is_digit)) return take(end);
    return leave_out(end, "0");
  }

  bool string() {
    const std::size_t end = sql_.find('\'', at_ + 1);
    if (end == std::string_view::npos || in_word(before())) return false;
    const std::string_view body = sql_.substr(at_ + 1, end - at_ - 1);
    const bool doubled = end + 1 < sql_.size() && sql_[end + 1] == '\'';
    if (doubled || body.find('\\') != std::string_view::npos) return false;
    return leave_out(end + 1, "''");
  }

  bool name() {
    const std::size_t end = sql_.find('`', at_ + 1);
    return end != std::string_view::npos && take(end + 1);
  }

  std::string_view sql_;
  std::string& shape_;
  std::size_t at_ = 0;
};

/// Of these nothing is told that depends on what a literal says.
bool worth_keeping(const StatementFacts& facts) {
  const StatementKind kind = facts.kind;
  if (!facts.lock_name.empty()) return false;
  return kind == StatementKind::kSelect || kind == StatementKind::kInsert ||
         kind == StatementKind::kUpdate || kind == StatementKind::kDelete ||
         kind == StatementKind::kReplace;
}

}  // namespace

bool shape_of(std::string_view sql, std::string& shape) {
  shape.clear();
  return sql.size() <= kLongest && Shaper(sql, shape).all();
}

const StatementFacts* KnownShapes::find(std::string_view sql) {
  if (!shape_of(sql, shape_)) return nullptr;
  const auto found = known_.find(shape_);
  return found == known_.end() ? nullptr : &found->second;
}

void KnownShapes::add(std::string_view sql, const StatementFacts& facts) {
  if (!worth_keeping(facts) || !shape_of(sql, shape_)) return;
  if (known_.size() >= kMost) known_.clear();
  known_.try_emplace(shape_, facts);
}

}  // namespace driver
