#include "driver/diagnostics.h"

#include <algorithm>
#include <new>

#include "fabric/base/error.h"

namespace driver {
namespace {

bool is_warning(const DiagnosticRecord& record) {
  return fabric::base::code_of(record.state).starts_with("01");
}

}  // namespace

void Diagnostics::clear() {
  records_.clear();
  return_code = SQL_SUCCESS;
}

void Diagnostics::error(SqlState state, const std::string& text, int native) {
  add({.state = state, .native = native, .text = text});
}

void Diagnostics::warn(SqlState state, const std::string& text, int native) {
  add({.state = state, .native = native, .text = text});
}

void Diagnostics::add(DiagnosticRecord record) {
  record.text = prefixed(record.text);
  copy(std::move(record));
}

void Diagnostics::copy(DiagnosticRecord record) {
  const auto place = is_warning(record)
                         ? records_.end()
                         : std::find_if(records_.begin(), records_.end(), is_warning);
  records_.insert(place, std::move(record));
}

std::string Diagnostics::prefixed(const std::string& text) const {
  std::string whole = "[fabric-odbc]";
  if (!origin_.empty()) whole += "[" + origin_ + "]";
  return whole + text;
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
