#include "driver/diagnostics.h"

#include <algorithm>
#include <new>

#include "driver/odbc2_states.h"
#include "fabric/base/error.h"

namespace driver {
namespace {

enum class Rank : std::uint8_t { kTransactionLost, kError, kWarning };

Rank rank_of(SqlState state) {
  const std::string code = fabric::base::code_of(state);
  if (code.starts_with("01")) return Rank::kWarning;
  const bool transaction = code.starts_with("40") || code.starts_with("25S") || code == "08007";
  return transaction ? Rank::kTransactionLost : Rank::kError;
}

/// Records of no row, or of an unknown one (both negative), come first.
bool outranks(const DiagnosticRecord& one, const DiagnosticRecord& other) {
  const SQLLEN row = std::max<SQLLEN>(one.row_number, 0);
  const SQLLEN other_row = std::max<SQLLEN>(other.row_number, 0);
  return row != other_row ? row < other_row : rank_of(one.state) < rank_of(other.state);
}

}  // namespace

void Diagnostics::drop_first() {
  if (!records_.empty()) records_.erase(records_.begin());
}

void Diagnostics::error(SqlState state, const std::string& text, int native) {
  add({.state = state, .native = native, .text = text});
}

void Diagnostics::warn(SqlState state, const std::string& text, int native) {
  add({.state = state, .native = native, .text = text});
}

void Diagnostics::add(DiagnosticRecord record) {
  record.text = prefixed(record);
  copy(std::move(record));
}

void Diagnostics::copy(DiagnosticRecord record) {
  const auto place = std::upper_bound(records_.begin(), records_.end(), record, outranks);
  records_.insert(place, std::move(record));
}

std::string Diagnostics::code_of(const DiagnosticRecord& record) const {
  return odbc2_states ? odbc2_state(record.state) : fabric::base::code_of(record.state);
}

std::string Diagnostics::prefixed(const DiagnosticRecord& record) const {
  std::string whole = "[fabric-odbc]";
  if (record.native != 0 && !origin_.empty()) whole += "[" + origin_ + "]";
  return whole + record.text;
}

SQLRETURN record_current_exception(Diagnostics& diagnostics) noexcept {
  try {
    try {
      throw;
    } catch (const fabric::base::Error& error) {
      diagnostics.error(error.state(), error.what(), error.native());
    } catch (const std::bad_alloc&) {
      diagnostics.error(SqlState::kHY001, "Out of memory");
    } catch (const std::exception& error) {
      diagnostics.error(SqlState::kHY000, std::string("Internal error: ") + error.what());
    } catch (...) {
      diagnostics.error(SqlState::kHY000, "Internal error of an unknown kind");
    }
  } catch (...) {  // no memory left even for the record
    return SQL_ERROR;
  }
  return SQL_ERROR;
}

}  // namespace driver
