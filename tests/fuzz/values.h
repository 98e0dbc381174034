// What the fuzzer picks from: constants of ODBC, texts of SQL, connection strings. Immutable.
#pragma once

#include <cstdint>
#include <random>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "tests/support/odbc_calls.h"

namespace fuzz {

/// One generator a step, made from the sequence's seed and the step's number: a step does the same
/// whether or not those before it were left out.
class Chooser {
 public:
  Chooser(std::uint64_t seed, std::uint64_t step) : engine_(seed * 0x9E3779B97F4A7C15ULL + step) {}

  std::uint64_t below(std::uint64_t bound) { return engine_() % bound; }
  bool one_in(std::uint64_t count) { return below(count) == 0; }
  template <class Range>
  const auto& of(const Range& range) {
    return range[below(std::size(range))];
  }

 private:
  std::mt19937_64 engine_;
};

/// What kind of value an attribute or a field takes, so that pointers given are valid.
enum class ValueKind : std::uint8_t {
  kNumber,
  kText,
  kStatusArray,
  kRowCount,
  kOffset,
  kData,
  kLength,
  kDescriptor,
  kRowset
};

struct Identifier {
  int id;
  ValueKind kind = ValueKind::kNumber;
};

std::span<const Identifier> environment_attributes();
std::span<const Identifier> connection_attributes();
std::span<const Identifier> statement_attributes();
std::span<const Identifier> descriptor_fields();
std::span<const int> column_fields();
std::span<const int> diagnostic_fields();
std::span<const int> c_types();
std::span<const int> sql_types();
std::span<const std::string_view> statements();
std::span<const std::string_view> names();
std::span<const std::string_view> set_up();

/// An odd number of the kind that breaks things.
std::uint64_t odd_number(Chooser& choose);
/// Any bytes: often UTF-8, sometimes broken.
std::string odd_text(Chooser& choose);

}  // namespace fuzz
