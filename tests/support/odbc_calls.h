// Every function of ODBC as a row: its name, what each argument is, and how to call it by a
// pointer. For tests that call a library (the driver itself, or a driver manager) without being
// linked to it, and that make up their arguments. Immutable, so thread-safe.
#pragma once

#ifndef ODBCVER
#define ODBCVER 0x0380
#endif
#include <sql.h>
#include <sqlext.h>
#include <sqlucode.h>

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace test_support {

enum class Argument : std::uint8_t {
  kEnvironment,
  kConnection,
  kStatement,
  kDescriptor,
  kHandleType,  ///< says what the kAnyHandle behind it is
  kAnyHandle,
  kHandleOut,
  kText,  ///< in; its length in characters follows
  kTextLength,
  kValue,  ///< of an attribute or a field: a number or a pointer; its length in bytes follows
  kValueLength,
  kData,  ///< of SQLPutData; its length follows
  kDataLength,
  kBuffer,  ///< out; its size in characters or bytes follows
  kCapacity,
  kCapacityBytes,
  kBound,  ///< read or written by later calls
  kBoundCapacity,
  kBoundLength,
  kShortOut,
  kIntOut,
  kLenOut,
  kPointerOut,
  kStatusOut,  ///< an array, an element for each row
  kColumn,     ///< or parameter, record, row: a small number
  kCType,
  kSqlType,
  kSize,
  kSmall,  ///< digits, subtypes and the like
  kOffset,
  kOrientation,
  kOption,  ///< one of a few constants of the function's own
  kEnvironmentAttribute,
  kConnectionAttribute,
  kStatementAttribute,
  kDescriptorField,
  kColumnField,
  kDiagnosticField,
  kInfoType,
  kFunctionId,
  kFunctionsOut,
  kWindow,
};

struct OdbcCall {
  static constexpr std::size_t kMostArguments = 13;
  std::string name;
  std::array<Argument, kMostArguments> kinds;
  std::size_t count;
  bool wide;  ///< its texts are SQLWCHAR
  SQLRETURN (*invoke)(void* function, const std::uint64_t* values);

  [[nodiscard]] std::span<const Argument> arguments() const { return {kinds.data(), count}; }
};

/// All that drivers may export, ODBC 2 included, in alphabetical order.
const std::vector<OdbcCall>& odbc_calls();
/// Throws std::out_of_range for a name that is none.
const OdbcCall& odbc_call(std::string_view name);

/// A loaded library with ODBC functions in it.
class OdbcLibrary {
 public:
  /// Throws std::runtime_error when it cannot be loaded. Never unloaded.
  explicit OdbcLibrary(const std::string& path);

  [[nodiscard]] bool has(const OdbcCall& call) const;
  /// Throws std::out_of_range if the library does not have it.
  SQLRETURN invoke(const OdbcCall& call, std::span<const std::uint64_t> values) const;

  /// library("SQLFetch", statement)
  template <class... Values>
  SQLRETURN operator()(std::string_view name, Values... values) const {
    const std::array<std::uint64_t, sizeof...(Values)> plain{as_bits(values)...};
    return invoke(odbc_call(name), plain);
  }

 private:
  template <class T>
  static std::uint64_t as_bits(T value) {
    if constexpr (std::is_pointer_v<T>) {
      return reinterpret_cast<std::uintptr_t>(value);
    } else if constexpr (std::is_null_pointer_v<T>) {
      return 0;
    } else {
      return static_cast<std::uint64_t>(value);
    }
  }

  std::vector<void*> functions_;  ///< as odbc_calls(); null where there is none
};

}  // namespace test_support
