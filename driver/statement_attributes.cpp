// SQLSetStmtAttr and SQLGetStmtAttr but for descriptor handles, which the entry points resolve.
#include "driver/pointers.h"
#include "driver/statement.h"
#include "fabric/base/error.h"

namespace driver {

using fabric::base::Error;

namespace {

/// A row of the table that this file does not handle: a mistake of ours.
Error unhandled(SQLINTEGER id) {
  return {SqlState::kHY000, "Statement attribute " + std::to_string(id) + " was forgotten"};
}

}  // namespace

Descriptor& Statement::application_descriptor(SQLPOINTER value, Descriptor& own) const {
  if (value == nullptr) return own;
  auto* descriptor = resolve<Descriptor>(value);
  if (descriptor == nullptr || &descriptor->connection() != &connection_) {
    throw Error(SqlState::kHY024, "The value is no descriptor handle of this connection");
  }
  if (descriptor != &own && descriptor->automatic()) {
    throw Error(SqlState::kHY017,
                "The descriptor belongs to another statement: allocate one (SQLAllocHandle)");
  }
  return *descriptor;
}

void Statement::require_settable_now(const AttributeRow& row) const {
  if (row.time != AttributeTime::kNoCursor) return;
  const std::string name(row.name);
  if (state_ == StatementState::kCursorOpen || state_ == StatementState::kExecuted) {
    throw Error(SqlState::k24000, "The statement was executed: close it before setting " + name);
  }
  if (state_ == StatementState::kPrepared) {
    throw Error(SqlState::kHY011, "A statement is prepared: set " + name + " before SQLPrepare");
  }
}

void Statement::set_attribute(SQLINTEGER id, SQLPOINTER value) {
  if (id == SQL_ATTR_IMP_ROW_DESC || id == SQL_ATTR_IMP_PARAM_DESC) {
    throw Error(SqlState::kHY017, "An implementation descriptor cannot be replaced");
  }
  require_settable_now(settable_attribute(AttributeOwner::kStatement, id, value));
  if (cursor_options_.set(id, value, diagnostics)) return;
  switch (id) {
    case SQL_ATTR_APP_ROW_DESC:
      ard_ = &application_descriptor(value, implicit_ard_);
      return;
    case SQL_ATTR_APP_PARAM_DESC:
      apd_ = &application_descriptor(value, implicit_apd_);
      return;
    case SQL_ATTR_QUERY_TIMEOUT:
      query_timeout_ = number(value);
      return;
    case SQL_ATTR_NOSCAN:
      noscan_ = number(value);
      return;
    case SQL_ATTR_METADATA_ID:
      metadata_id_ = number(value);
      return;
    case kExecDirectOnServer:
      direct_on_server_ = number(value) == SQL_TRUE;
      return;
    case kPrepareOnClient:
      prepare_on_client_ = number(value) == SQL_TRUE;
      return;
    case SQL_ATTR_ROW_ARRAY_SIZE:
      ard_->array_size = number(value);
      return;
    case SQL_ATTR_PARAMSET_SIZE:
      apd_->array_size = number(value);
      return;
    case SQL_ATTR_ROW_BIND_TYPE:
      ard_->bind_type = number(value);
      return;
    case SQL_ATTR_PARAM_BIND_TYPE:
      apd_->bind_type = number(value);
      return;
    case SQL_ATTR_ROW_BIND_OFFSET_PTR:
      ard_->bind_offset_ptr = static_cast<SQLLEN*>(value);
      return;
    case SQL_ATTR_PARAM_BIND_OFFSET_PTR:
      apd_->bind_offset_ptr = static_cast<SQLLEN*>(value);
      return;
    case SQL_ATTR_ROW_OPERATION_PTR:
      ard_->array_status_ptr = static_cast<SQLUSMALLINT*>(value);
      return;
    case SQL_ATTR_PARAM_OPERATION_PTR:
      apd_->array_status_ptr = static_cast<SQLUSMALLINT*>(value);
      return;
    case SQL_ATTR_ROW_STATUS_PTR:
      implicit_ird_.array_status_ptr = static_cast<SQLUSMALLINT*>(value);
      return;
    case SQL_ATTR_PARAM_STATUS_PTR:
      implicit_ipd_.array_status_ptr = static_cast<SQLUSMALLINT*>(value);
      return;
    case SQL_ATTR_ROWS_FETCHED_PTR:
      implicit_ird_.rows_processed_ptr = static_cast<SQLULEN*>(value);
      return;
    case SQL_ATTR_PARAMS_PROCESSED_PTR:
      implicit_ipd_.rows_processed_ptr = static_cast<SQLULEN*>(value);
      return;
    case SQL_ATTR_ASYNC_ENABLE:
      if (number(value) != SQL_ASYNC_ENABLE_OFF) {
        diagnostics.warn(SqlState::k01S02, "Functions are executed synchronously");
      }
      return;
    case SQL_ATTR_ENABLE_AUTO_IPD:
      if (number(value) != SQL_FALSE) {
        throw Error(SqlState::kHYC00, "The server does not describe parameters");
      }
      return;
    default:
      throw unhandled(id);
  }
}

SQLULEN Statement::attribute(SQLINTEGER id) {
  static_cast<void>(readable_attribute(AttributeOwner::kStatement, id));
  if (const auto option = cursor_options_.get(id)) return *option;
  switch (id) {
    case SQL_ATTR_APP_ROW_DESC:
      return number(ard_->raw());
    case SQL_ATTR_APP_PARAM_DESC:
      return number(apd_->raw());
    case SQL_ATTR_IMP_ROW_DESC:
      return number(implicit_ird_.raw());
    case SQL_ATTR_IMP_PARAM_DESC:
      return number(implicit_ipd_.raw());
    case SQL_ATTR_QUERY_TIMEOUT:
      return query_timeout_;
    case SQL_ATTR_NOSCAN:
      return noscan_;
    case SQL_ATTR_METADATA_ID:
      return metadata_id_;
    case kExecDirectOnServer:
      return direct_on_server_ ? SQL_TRUE : SQL_FALSE;
    case kPrepareOnClient:
      return prepare_on_client_ ? SQL_TRUE : SQL_FALSE;
    case SQL_ATTR_ROW_ARRAY_SIZE:
      return ard_->array_size;
    case SQL_ATTR_PARAMSET_SIZE:
      return apd_->array_size;
    case SQL_ATTR_ROW_BIND_TYPE:
      return ard_->bind_type;
    case SQL_ATTR_PARAM_BIND_TYPE:
      return apd_->bind_type;
    case SQL_ATTR_ROW_BIND_OFFSET_PTR:
      return number(ard_->bind_offset_ptr);
    case SQL_ATTR_PARAM_BIND_OFFSET_PTR:
      return number(apd_->bind_offset_ptr);
    case SQL_ATTR_ROW_OPERATION_PTR:
      return number(ard_->array_status_ptr);
    case SQL_ATTR_PARAM_OPERATION_PTR:
      return number(apd_->array_status_ptr);
    case SQL_ATTR_ROW_STATUS_PTR:
      return number(implicit_ird_.array_status_ptr);
    case SQL_ATTR_PARAM_STATUS_PTR:
      return number(implicit_ipd_.array_status_ptr);
    case SQL_ATTR_ROWS_FETCHED_PTR:
      return number(implicit_ird_.rows_processed_ptr);
    case SQL_ATTR_PARAMS_PROCESSED_PTR:
      return number(implicit_ipd_.rows_processed_ptr);
    case SQL_ATTR_ASYNC_ENABLE:
      return SQL_ASYNC_ENABLE_OFF;
    case SQL_ATTR_ENABLE_AUTO_IPD:
      return SQL_FALSE;
    case SQL_ATTR_ROW_NUMBER:
    case SQL_GET_BOOKMARK:
      if (state_ != StatementState::kCursorOpen) {
        throw Error(SqlState::k24000, "No cursor is open: there is no row");
      }
      return rowset_.empty() ? 0 : rowset_.number_of(rowset_.current());
    default:
      throw unhandled(id);
  }
}

}  // namespace driver
