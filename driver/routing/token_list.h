// All tokens of one statement, with the partner of each parenthesis and the number of each marker:
// what reading with a look ahead needs. Views into the statement's text. One thread at a time.
#pragma once

#include <cstddef>
#include <initializer_list>
#include <span>
#include <string_view>
#include <vector>

#include "driver/sql/scan.h"

namespace driver::routing {

class TokenList {
 public:
  TokenList(std::string_view sql, sql::ScanOptions options);

  /// The token at `index`; of kind kEnd behind the last one.
  [[nodiscard]] const sql::Token& at(std::size_t index) const {
    return index < tokens_.size() ? tokens_[index] : tokens_.back();
  }
  /// Without semicolons at the end and the kEnd.
  [[nodiscard]] std::size_t size() const { return tokens_.size() - 1; }
  /// Of the parenthesis at `index`; size() when it has none.
  [[nodiscard]] std::size_t partner(std::size_t index) const { return extra_[index]; }
  /// Of the marker at `index`, from 0.
  [[nodiscard]] std::size_t marker(std::size_t index) const { return extra_[index]; }
  /// A version comment was seen, whose content only some servers run.
  [[nodiscard]] bool conditional() const { return conditional_; }

  [[nodiscard]] bool is_word(std::size_t index, std::string_view upper) const {
    return at(index).is_word(upper) && (index == 0 || !at(index - 1).is('.'));
  }
  [[nodiscard]] bool is_any(std::size_t index,
                            std::initializer_list<std::string_view> upper) const {
    return is_any(index, std::span(upper.begin(), upper.size()));
  }
  [[nodiscard]] bool is_any(std::size_t index, std::span<const std::string_view> upper) const {
    for (const auto word : upper) {
      if (is_word(index, word)) return true;
    }
    return false;
  }

 private:
  void drop_leading_dots();

  std::vector<sql::Token> tokens_;
  std::vector<std::size_t> extra_;
  bool conditional_ = false;
};

/// Words from `begin` up to `end`.
struct Range {
  std::size_t begin = 0;
  std::size_t end = 0;
  [[nodiscard]] std::size_t size() const { return end - begin; }
};

}  // namespace driver::routing
