#include "driver/cursor_options.h"

#include "driver/pointers.h"
#include "fabric/base/error.h"

namespace driver {

namespace {

/// Throws HY024 unless `value` is between the two.
SQLULEN in_range(SQLULEN value, SQLULEN first, SQLULEN last, const char* attribute) {
  if (value >= first && value <= last) return value;
  throw fabric::base::Error(SqlState::kHY024,
                            std::string(attribute) + " has no value " + std::to_string(value));
}

}  // namespace

void CursorOptions::set_type(SQLULEN type, Diagnostics& diagnostics) {
  in_range(type, SQL_CURSOR_FORWARD_ONLY, SQL_CURSOR_STATIC, "SQL_ATTR_CURSOR_TYPE");
  const bool dynamic = type == SQL_CURSOR_DYNAMIC && dynamic_allowed_ && !forward_only_;
  if (type == SQL_CURSOR_FORWARD_ONLY || dynamic) {
    type_ = type;
    return;
  }
  if (!forward_only_ && type != SQL_CURSOR_STATIC) {
    diagnostics.warn(SqlState::k01S02, "Scrollable cursors are static: that type is used");
  }
  make_static(diagnostics);
}

void CursorOptions::make_static(Diagnostics& diagnostics) {
  if (forward_only_) {
    diagnostics.warn(SqlState::k01S02, "FORWARD_CURSOR is set: every cursor is forward-only");
  }
  type_ = forward_only_ ? SQL_CURSOR_FORWARD_ONLY : SQL_CURSOR_STATIC;
}

void CursorOptions::set_concurrency(SQLULEN concurrency, Diagnostics& diagnostics) {
  in_range(concurrency, SQL_CONCUR_READ_ONLY, SQL_CONCUR_VALUES, "SQL_ATTR_CONCURRENCY");
  if (concurrency == SQL_CONCUR_LOCK || concurrency == SQL_CONCUR_ROWVER) {
    diagnostics.warn(SqlState::k01S02,
                     "Rows are not locked and have no versions: their values are compared "
                     "(SQL_CONCUR_VALUES)");
    concurrency = SQL_CONCUR_VALUES;
  }
  concurrency_ = concurrency;
  concurrency_wanted_ = true;
}

void CursorOptions::set_sensitivity(SQLULEN wanted, Diagnostics& diagnostics) {
  switch (in_range(wanted, SQL_UNSPECIFIED, SQL_SENSITIVE, "SQL_ATTR_CURSOR_SENSITIVITY")) {
    case SQL_INSENSITIVE:
      make_static(diagnostics);
      concurrency_ = SQL_CONCUR_READ_ONLY;
      concurrency_wanted_ = true;
      return;
    case SQL_SENSITIVE:
      if (dynamic_allowed_ && !forward_only_) {
        type_ = SQL_CURSOR_DYNAMIC;
      } else {
        diagnostics.warn(SqlState::k01S02, "Cursors do not see what others change");
        make_static(diagnostics);
      }
      concurrency_ = SQL_CONCUR_VALUES;
      concurrency_wanted_ = true;
      return;
    default:
      return;
  }
}

SQLULEN CursorOptions::sensitivity() const {
  if (dynamic()) return SQL_SENSITIVE;
  return type_ == SQL_CURSOR_STATIC && concurrency_ == SQL_CONCUR_READ_ONLY ? SQL_INSENSITIVE
                                                                            : SQL_UNSPECIFIED;
}

bool CursorOptions::set(SQLINTEGER id, SQLPOINTER value, Diagnostics& diagnostics) {
  const SQLULEN given = number(value);
  switch (id) {
    case SQL_ATTR_CURSOR_TYPE:
      set_type(given, diagnostics);
      return true;
    case SQL_ATTR_CURSOR_SCROLLABLE:
      in_range(given, SQL_NONSCROLLABLE, SQL_SCROLLABLE, "SQL_ATTR_CURSOR_SCROLLABLE");
      if (given == SQL_NONSCROLLABLE) {
        type_ = SQL_CURSOR_FORWARD_ONLY;
      } else if (!scrollable()) {
        make_static(diagnostics);
      }
      return true;
    case SQL_ATTR_CURSOR_SENSITIVITY:
      set_sensitivity(given, diagnostics);
      return true;
    case SQL_ATTR_CONCURRENCY:
      set_concurrency(given, diagnostics);
      return true;
    case SQL_ATTR_SIMULATE_CURSOR:
      simulate_cursor_ =
          in_range(given, SQL_SC_NON_UNIQUE, SQL_SC_UNIQUE, "SQL_ATTR_SIMULATE_CURSOR");
      return true;
    case SQL_ATTR_USE_BOOKMARKS:
      in_range(given, SQL_UB_OFF, SQL_UB_VARIABLE, "SQL_ATTR_USE_BOOKMARKS");
      use_bookmarks_ = given == SQL_UB_OFF ? SQL_UB_OFF : SQL_UB_VARIABLE;
      return true;
    case SQL_ATTR_FETCH_BOOKMARK_PTR:
      fetch_bookmark_ = value;
      return true;
    case SQL_ATTR_KEYSET_SIZE:
      keyset_size_ = given;
      return true;
    case SQL_ATTR_MAX_ROWS:
      max_rows_ = given;
      return true;
    case SQL_ATTR_MAX_LENGTH:
      max_length_ = given;
      gives_whole_ = max_length_ == 0 && retrieves_data();
      return true;
    case SQL_ATTR_RETRIEVE_DATA:
      retrieve_data_ = in_range(given, SQL_RD_OFF, SQL_RD_ON, "SQL_ATTR_RETRIEVE_DATA");
      gives_whole_ = max_length_ == 0 && retrieves_data();
      return true;
    case SQL_ROWSET_SIZE:
      rowset_size_ = in_range(given, 1, ~SQLULEN{0}, "SQL_ROWSET_SIZE");
      return true;
    default:
      return false;
  }
}

std::optional<SQLULEN> CursorOptions::get(SQLINTEGER id) const {
  switch (id) {
    case SQL_ATTR_CURSOR_TYPE:
      return type_;
    case SQL_ATTR_CURSOR_SCROLLABLE:
      return scrollable() ? SQL_SCROLLABLE : SQL_NONSCROLLABLE;
    case SQL_ATTR_CURSOR_SENSITIVITY:
      return sensitivity();
    case SQL_ATTR_CONCURRENCY:
      return concurrency_;
    case SQL_ATTR_SIMULATE_CURSOR:
      return simulate_cursor_;
    case SQL_ATTR_USE_BOOKMARKS:
      return use_bookmarks_;
    case SQL_ATTR_FETCH_BOOKMARK_PTR:
      return number(fetch_bookmark_);
    case SQL_ATTR_KEYSET_SIZE:
      return keyset_size_;
    case SQL_ATTR_MAX_ROWS:
      return max_rows_;
    case SQL_ATTR_MAX_LENGTH:
      return max_length_;
    case SQL_ATTR_RETRIEVE_DATA:
      return retrieve_data_;
    case SQL_ROWSET_SIZE:
      return std::max<SQLULEN>(rowset_size_, 1);
    default:
      return std::nullopt;
  }
}

}  // namespace driver
