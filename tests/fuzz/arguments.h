// Makes up the arguments of one call: valid ones mostly, so that calls get far, and odd ones often.
// What ODBC calls the application's fault (a buffer smaller than told, a length beyond the text, a
// pointer to nothing) is never made. Made for one call; one thread.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "tests/fuzz/arena.h"
#include "tests/fuzz/values.h"
#include "tests/support/odbc_calls.h"

namespace fuzz {

/// A live handle.
struct Live {
  SQLSMALLINT kind;
  SQLHANDLE raw;
  SQLHANDLE parent;
};

class Arguments {
 public:
  struct Surroundings {
    const std::vector<Live>& handles;
    const std::vector<std::string>& connection_strings;
    Arena& arena;
    Chooser& choose;
  };
  Arguments(const test_support::OdbcCall& call, const Surroundings& around);

  [[nodiscard]] const std::vector<std::uint64_t>& values() const { return values_; }
  /// The handle that the call is about is alive and of the right kind.
  [[nodiscard]] bool valid_handle() const { return valid_handle_; }

 private:
  std::uint64_t make(std::size_t index);
  std::uint64_t handle(SQLSMALLINT kind);
  std::uint64_t any_handle();
  std::uint64_t text();
  std::uint64_t text_length();
  std::uint64_t value();
  std::uint64_t buffer(bool characters);
  std::uint64_t out(std::size_t size);
  std::uint64_t option(std::size_t index);
  std::uint64_t identifier(std::span<const Identifier> pool);
  std::uint64_t column();
  std::uint64_t rowset_number() const;
  [[nodiscard]] std::string text_of_the_kind();
  [[nodiscard]] bool named(std::string_view part) const;

  const test_support::OdbcCall& call_;
  const Surroundings& around_;
  std::vector<std::uint64_t> values_;
  bool valid_handle_ = true;
  SQLSMALLINT handle_type_ = 0;
  int c_type_ = 0;
  Identifier identifier_{0, ValueKind::kNumber};
  std::int64_t length_ = 0;     ///< of the text or data given last, in its own units
  bool terminated_ = false;     ///< it may be passed as SQL_NTS
  std::uint64_t capacity_ = 0;  ///< of the buffer given last
};

}  // namespace fuzz
