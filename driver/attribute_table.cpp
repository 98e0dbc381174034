#include "driver/attribute_table.h"

#include <algorithm>
#include <array>
#include <string>

#include "driver/pointers.h"
#include "fabric/base/error.h"

namespace driver {
namespace {

using fabric::base::Error;
using fabric::base::SqlState;
using Shape = AttributeShape;
using Time = AttributeTime;

constexpr AttributeRow integer(SQLINTEGER id, std::string_view name, Time time, SQLULEN least = 0,
                               SQLULEN most = AttributeRow::kAny) {
  return {.id = id, .name = name, .time = time, .least = least, .most = most};
}
constexpr AttributeRow length(SQLINTEGER id, std::string_view name, Time time, SQLULEN least = 0,
                              SQLULEN most = AttributeRow::kAny) {
  return {
      .id = id, .name = name, .shape = Shape::kLength, .time = time, .least = least, .most = most};
}
constexpr AttributeRow pointer(SQLINTEGER id, std::string_view name, Time time) {
  return {.id = id, .name = name, .shape = Shape::kPointer, .time = time};
}
constexpr AttributeRow text(SQLINTEGER id, std::string_view name, Time time) {
  return {.id = id, .name = name, .shape = Shape::kText, .time = time};
}

// ODBC 3.8's, which unixODBC's headers leave out.
constexpr SQLINTEGER kDbcInfoToken = 118;
constexpr SQLINTEGER kAsyncDbcEvent = 119;
constexpr SQLINTEGER kAsyncDbcCallback = 120;
constexpr SQLINTEGER kAsyncDbcContext = 121;
constexpr SQLINTEGER kAsyncStmtCallback = 30;
constexpr SQLINTEGER kAsyncStmtContext = 31;

// By number, as the rows of the other two.
constexpr std::array kEnvironment{
    integer(SQL_ATTR_ODBC_VERSION, "SQL_ATTR_ODBC_VERSION", Time::kAlways, SQL_OV_ODBC2,
            SQL_OV_ODBC3_80),
    integer(SQL_ATTR_CONNECTION_POOLING, "SQL_ATTR_CONNECTION_POOLING", Time::kAlways, SQL_CP_OFF,
            SQL_CP_ONE_PER_HENV),
    integer(SQL_ATTR_CP_MATCH, "SQL_ATTR_CP_MATCH", Time::kAlways, SQL_CP_STRICT_MATCH,
            SQL_CP_RELAXED_MATCH),
    integer(SQL_ATTR_OUTPUT_NTS, "SQL_ATTR_OUTPUT_NTS", Time::kAlways, SQL_FALSE, SQL_TRUE),
};

constexpr std::array kConnection{
    length(SQL_ATTR_ASYNC_ENABLE, "SQL_ATTR_ASYNC_ENABLE", Time::kAlways, SQL_ASYNC_ENABLE_OFF,
           SQL_ASYNC_ENABLE_ON),
    integer(SQL_ATTR_ACCESS_MODE, "SQL_ATTR_ACCESS_MODE", Time::kAlways, SQL_MODE_READ_WRITE,
            SQL_MODE_READ_ONLY),
    integer(SQL_ATTR_AUTOCOMMIT, "SQL_ATTR_AUTOCOMMIT", Time::kAlways, SQL_AUTOCOMMIT_OFF,
            SQL_AUTOCOMMIT_ON),
    integer(SQL_ATTR_LOGIN_TIMEOUT, "SQL_ATTR_LOGIN_TIMEOUT", Time::kUnconnected),
    integer(SQL_ATTR_TRACE, "SQL_ATTR_TRACE", Time::kManager),
    text(SQL_ATTR_TRACEFILE, "SQL_ATTR_TRACEFILE", Time::kManager),
    text(SQL_ATTR_TRANSLATE_LIB, "SQL_ATTR_TRANSLATE_LIB", Time::kRefused),
    integer(SQL_ATTR_TRANSLATE_OPTION, "SQL_ATTR_TRANSLATE_OPTION", Time::kRefused),
    integer(SQL_ATTR_TXN_ISOLATION, "SQL_ATTR_TXN_ISOLATION", Time::kAlways,
            SQL_TXN_READ_UNCOMMITTED, SQL_TXN_SERIALIZABLE),
    text(SQL_ATTR_CURRENT_CATALOG, "SQL_ATTR_CURRENT_CATALOG", Time::kAlways),
    length(SQL_ATTR_ODBC_CURSORS, "SQL_ATTR_ODBC_CURSORS", Time::kManager),
    pointer(SQL_ATTR_QUIET_MODE, "SQL_ATTR_QUIET_MODE", Time::kAlways),
    integer(SQL_ATTR_PACKET_SIZE, "SQL_ATTR_PACKET_SIZE", Time::kUnconnected),
    integer(SQL_ATTR_CONNECTION_TIMEOUT, "SQL_ATTR_CONNECTION_TIMEOUT", Time::kAlways),
    integer(SQL_ATTR_DISCONNECT_BEHAVIOR, "SQL_ATTR_DISCONNECT_BEHAVIOR", Time::kManager),
    integer(SQL_ATTR_ANSI_APP, "SQL_ATTR_ANSI_APP", Time::kAlways, SQL_AA_FALSE, SQL_AA_TRUE),
    integer(SQL_ATTR_RESET_CONNECTION, "SQL_ATTR_RESET_CONNECTION", Time::kConnected,
            SQL_RESET_CONNECTION_YES, SQL_RESET_CONNECTION_YES),
    integer(SQL_ATTR_ASYNC_DBC_FUNCTIONS_ENABLE, "SQL_ATTR_ASYNC_DBC_FUNCTIONS_ENABLE",
            Time::kAlways, SQL_ASYNC_DBC_ENABLE_OFF, SQL_ASYNC_DBC_ENABLE_ON),
    pointer(kDbcInfoToken, "SQL_ATTR_DBC_INFO_TOKEN", Time::kRefused),
    pointer(kAsyncDbcEvent, "SQL_ATTR_ASYNC_DBC_EVENT", Time::kRefused),
    pointer(kAsyncDbcCallback, "SQL_ATTR_ASYNC_DBC_PCALLBACK", Time::kRefused),
    pointer(kAsyncDbcContext, "SQL_ATTR_ASYNC_DBC_PCONTEXT", Time::kRefused),
    pointer(SQL_ATTR_ENLIST_IN_DTC, "SQL_ATTR_ENLIST_IN_DTC", Time::kRefused),
    pointer(SQL_ATTR_ENLIST_IN_XA, "SQL_ATTR_ENLIST_IN_XA", Time::kRefused),
    integer(SQL_ATTR_CONNECTION_DEAD, "SQL_ATTR_CONNECTION_DEAD", Time::kNever),
    integer(SQL_ATTR_AUTO_IPD, "SQL_ATTR_AUTO_IPD", Time::kNever),
    integer(SQL_ATTR_METADATA_ID, "SQL_ATTR_METADATA_ID", Time::kAlways, SQL_FALSE, SQL_TRUE),
    length(kExecDirectOnServer, "SQL_ATTR_EXECDIRECT_ON_SERVER", Time::kAlways, SQL_FALSE,
           SQL_TRUE),
    length(kPrepareOnClient, "SQL_ATTR_PREPARE_ON_CLIENT", Time::kAlways, SQL_FALSE, SQL_TRUE),
};

constexpr std::array kStatement{
    length(SQL_ATTR_CURSOR_SENSITIVITY, "SQL_ATTR_CURSOR_SENSITIVITY", Time::kNoCursor,
           SQL_UNSPECIFIED, SQL_SENSITIVE),
    length(SQL_ATTR_CURSOR_SCROLLABLE, "SQL_ATTR_CURSOR_SCROLLABLE", Time::kNoCursor,
           SQL_NONSCROLLABLE, SQL_SCROLLABLE),
    length(SQL_ATTR_QUERY_TIMEOUT, "SQL_ATTR_QUERY_TIMEOUT", Time::kAlways),
    length(SQL_ATTR_MAX_ROWS, "SQL_ATTR_MAX_ROWS", Time::kAlways),
    length(SQL_ATTR_NOSCAN, "SQL_ATTR_NOSCAN", Time::kAlways, SQL_NOSCAN_OFF, SQL_NOSCAN_ON),
    length(SQL_ATTR_MAX_LENGTH, "SQL_ATTR_MAX_LENGTH", Time::kAlways),
    length(SQL_ATTR_ASYNC_ENABLE, "SQL_ATTR_ASYNC_ENABLE", Time::kAlways, SQL_ASYNC_ENABLE_OFF,
           SQL_ASYNC_ENABLE_ON),
    length(SQL_ATTR_ROW_BIND_TYPE, "SQL_ATTR_ROW_BIND_TYPE", Time::kAlways),
    length(SQL_ATTR_CURSOR_TYPE, "SQL_ATTR_CURSOR_TYPE", Time::kNoCursor, SQL_CURSOR_FORWARD_ONLY,
           SQL_CURSOR_STATIC),
    length(SQL_ATTR_CONCURRENCY, "SQL_ATTR_CONCURRENCY", Time::kNoCursor, SQL_CONCUR_READ_ONLY,
           SQL_CONCUR_VALUES),
    length(SQL_ATTR_KEYSET_SIZE, "SQL_ATTR_KEYSET_SIZE", Time::kAlways),
    length(SQL_ROWSET_SIZE, "SQL_ROWSET_SIZE", Time::kAlways, 1),
    length(SQL_ATTR_SIMULATE_CURSOR, "SQL_ATTR_SIMULATE_CURSOR", Time::kNoCursor, SQL_SC_NON_UNIQUE,
           SQL_SC_UNIQUE),
    length(SQL_ATTR_RETRIEVE_DATA, "SQL_ATTR_RETRIEVE_DATA", Time::kAlways, SQL_RD_OFF, SQL_RD_ON),
    length(SQL_ATTR_USE_BOOKMARKS, "SQL_ATTR_USE_BOOKMARKS", Time::kNoCursor, SQL_UB_OFF,
           SQL_UB_VARIABLE),
    length(SQL_GET_BOOKMARK, "SQL_GET_BOOKMARK", Time::kNever),
    length(SQL_ATTR_ROW_NUMBER, "SQL_ATTR_ROW_NUMBER", Time::kNever),
    length(SQL_ATTR_ENABLE_AUTO_IPD, "SQL_ATTR_ENABLE_AUTO_IPD", Time::kAlways, SQL_FALSE,
           SQL_TRUE),
    pointer(SQL_ATTR_FETCH_BOOKMARK_PTR, "SQL_ATTR_FETCH_BOOKMARK_PTR", Time::kAlways),
    pointer(SQL_ATTR_PARAM_BIND_OFFSET_PTR, "SQL_ATTR_PARAM_BIND_OFFSET_PTR", Time::kAlways),
    length(SQL_ATTR_PARAM_BIND_TYPE, "SQL_ATTR_PARAM_BIND_TYPE", Time::kAlways),
    pointer(SQL_ATTR_PARAM_OPERATION_PTR, "SQL_ATTR_PARAM_OPERATION_PTR", Time::kAlways),
    pointer(SQL_ATTR_PARAM_STATUS_PTR, "SQL_ATTR_PARAM_STATUS_PTR", Time::kAlways),
    pointer(SQL_ATTR_PARAMS_PROCESSED_PTR, "SQL_ATTR_PARAMS_PROCESSED_PTR", Time::kAlways),
    length(SQL_ATTR_PARAMSET_SIZE, "SQL_ATTR_PARAMSET_SIZE", Time::kAlways, 1),
    pointer(SQL_ATTR_ROW_BIND_OFFSET_PTR, "SQL_ATTR_ROW_BIND_OFFSET_PTR", Time::kAlways),
    pointer(SQL_ATTR_ROW_OPERATION_PTR, "SQL_ATTR_ROW_OPERATION_PTR", Time::kAlways),
    pointer(SQL_ATTR_ROW_STATUS_PTR, "SQL_ATTR_ROW_STATUS_PTR", Time::kAlways),
    pointer(SQL_ATTR_ROWS_FETCHED_PTR, "SQL_ATTR_ROWS_FETCHED_PTR", Time::kAlways),
    length(SQL_ATTR_ROW_ARRAY_SIZE, "SQL_ATTR_ROW_ARRAY_SIZE", Time::kAlways, 1),
    pointer(SQL_ATTR_ASYNC_STMT_EVENT, "SQL_ATTR_ASYNC_STMT_EVENT", Time::kRefused),
    pointer(kAsyncStmtCallback, "SQL_ATTR_ASYNC_STMT_PCALLBACK", Time::kRefused),
    pointer(kAsyncStmtContext, "SQL_ATTR_ASYNC_STMT_PCONTEXT", Time::kRefused),
    pointer(SQL_ATTR_APP_ROW_DESC, "SQL_ATTR_APP_ROW_DESC", Time::kAlways),
    pointer(SQL_ATTR_APP_PARAM_DESC, "SQL_ATTR_APP_PARAM_DESC", Time::kAlways),
    pointer(SQL_ATTR_IMP_ROW_DESC, "SQL_ATTR_IMP_ROW_DESC", Time::kNever),
    pointer(SQL_ATTR_IMP_PARAM_DESC, "SQL_ATTR_IMP_PARAM_DESC", Time::kNever),
    integer(SQL_ATTR_METADATA_ID, "SQL_ATTR_METADATA_ID", Time::kAlways, SQL_FALSE, SQL_TRUE),
    length(kExecDirectOnServer, "SQL_ATTR_EXECDIRECT_ON_SERVER", Time::kAlways, SQL_FALSE,
           SQL_TRUE),
    length(kPrepareOnClient, "SQL_ATTR_PREPARE_ON_CLIENT", Time::kAlways, SQL_FALSE, SQL_TRUE),
};

template <std::size_t kCount>
constexpr bool ids_rise(const std::array<AttributeRow, kCount>& rows) {
  return std::ranges::adjacent_find(rows, std::ranges::greater_equal{}, &AttributeRow::id) ==
         rows.end();
}
static_assert(ids_rise(kEnvironment) && ids_rise(kConnection) && ids_rise(kStatement));

}  // namespace

std::span<const AttributeRow> attributes(AttributeOwner owner) {
  switch (owner) {
    case AttributeOwner::kEnvironment:
      return kEnvironment;
    case AttributeOwner::kConnection:
      return kConnection;
    default:
      return kStatement;
  }
}

const AttributeRow* find_attribute(AttributeOwner owner, SQLINTEGER id) {
  const auto rows = attributes(owner);
  const auto found = std::ranges::lower_bound(rows, id, {}, &AttributeRow::id);
  return found != rows.end() && found->id == id ? &*found : nullptr;
}

const AttributeRow& readable_attribute(AttributeOwner owner, SQLINTEGER id) {
  const AttributeRow* row = find_attribute(owner, id);
  if (row == nullptr) {
    throw Error(SqlState::kHY092, "Attribute " + std::to_string(id) + " is not known");
  }
  if (row->time == Time::kRefused || row->time == Time::kManager) {
    throw Error(SqlState::kHYC00, std::string(row->name) + " is not supported");
  }
  return *row;
}

const AttributeRow& settable_attribute(AttributeOwner owner, SQLINTEGER id, SQLPOINTER value) {
  const AttributeRow& row = readable_attribute(owner, id);
  if (row.time == Time::kNever) {
    throw Error(SqlState::kHY092, std::string(row.name) + " is read-only");
  }
  const bool number = row.shape == Shape::kInteger || row.shape == Shape::kLength;
  if (!number) return row;
  // The upper half of a pointer that carries 32 bits is nobody's.
  const SQLULEN given = row.shape == Shape::kInteger
                            ? static_cast<SQLUINTEGER>(driver::number(value))
                            : driver::number(value);
  if (given < row.least || given > row.most) {
    throw Error(
        SqlState::kHY024,
        std::string(row.name) + " is " + std::to_string(row.least) +
            (row.most == AttributeRow::kAny ? " or more" : " to " + std::to_string(row.most)) +
            ", not " + std::to_string(given));
  }
  return row;
}

}  // namespace driver
