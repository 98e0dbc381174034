// What a statement tells of its result's columns, before or after it ran.
#include "driver/fabric_answers.h"
#include "driver/statement.h"
#include "fabric/base/error.h"
#include "fabric/mysql/mysql_error.h"

namespace driver {

using fabric::base::Error;

namespace {

/// SQL_CA_SS_COLUMN_KEY of Microsoft's headers, which MySQL Connector/ODBC answers too.
constexpr SQLUSMALLINT kColumnKey = 1212;
constexpr unsigned kPrimaryKey = 2;  // PRI_KEY_FLAG

}  // namespace

void Statement::bind_column(SQLUSMALLINT number, SQLSMALLINT c_type, SQLPOINTER data,
                            SQLLEN capacity, SQLLEN* length_or_indicator) {
  const auto column_number = static_cast<SQLSMALLINT>(number);
  if (number == 0 && !cursor_options_.bookmarks()) {
    throw Error(SqlState::k07009, "Bookmarks are off: columns are numbered from 1");
  }
  if (capacity < 0) throw Error(SqlState::kHY090, "The buffer length of a column is negative");
  if (data == nullptr && length_or_indicator == nullptr) {
    ard_->unbind(column_number);
    return;
  }
  if (!known_c_type(c_type)) {
    throw Error(SqlState::kHY003, "C type " + std::to_string(c_type) + " is not known");
  }
  if (state_ == StatementState::kCursorOpen && number > implicit_ird_.count()) {
    throw Error(SqlState::k07009, "The result has " + std::to_string(implicit_ird_.count()) +
                                      " columns, there is none of number " +
                                      std::to_string(number));
  }
  ard_->bind(column_number, c_type, data, capacity, length_or_indicator);
}

void Statement::fill_ird(const std::vector<fabric::mysql::Column>& columns) {
  const TypeRules rules = connection_.type_rules();
  described_by_.reset();
  fetch_plan_.forget();
  implicit_ird_.describe_columns(columns, rules);
  implicit_ird_.describe_bookmark(rules);
}

/// As a rule the statement ran before, and its columns are those of then.
void Statement::describe_result() {
  auto columns = reply_->shared_columns();
  if (columns != nullptr && columns == described_by_) return;
  fill_ird(reply_->columns());
  described_by_ = std::move(columns);
}

void Statement::describe_anew() {
  forget_description();
  planned_for_.reset();
  get_plan_.forget();
  described_ = state_ == StatementState::kCursorOpen && reply_ != nullptr;
  if (described_) fill_ird(reply_->columns());
}

void Statement::ensure_described() {
  if (state_ == StatementState::kAllocated) {
    throw Error(SqlState::kHY010, "No statement is prepared or executed");
  }
  if (described_) return;
  if (own_) {
    fill_ird(fabric_columns(*own_));
    described_ = true;
    return;
  }
  // Of several statements none can be described beforehand; of {?=call f()} there is no row to
  // give.
  if (facts_.kind != sql::StatementKind::kMulti && !returns_value_) {
    take_route_to_prepare();
    connection_.without_effect(
        facts_,
        [this](fabric::mysql::ServerConnection&) {
          // Its columns may have changed since it was prepared.
          if (prepared_ && prepared_.used_before() && !data_.sent_any()) prepared_.drop();
          prepare_on_lease(pool::Lease::Wanted::kNew);
        },
        deadline());
  }
  if (prepared_ && !returns_value_) {
    fill_ird(prepared_->columns());
  } else {
    forget_description();  // what cannot be prepared gives no rows
  }
  described_ = true;
}

void Statement::describe_for_descriptor() {
  if (state_ == StatementState::kAllocated) {
    throw Error(SqlState::kHY007, "No statement is prepared: its columns are not known");
  }
  ensure_described();
}

sql::DynamicFunction Statement::dynamic_function() const {
  const bool executed =
      state_ == StatementState::kExecuted || state_ == StatementState::kCursorOpen;
  return executed && !own_ ? sql::dynamic_function(sql_) : sql::DynamicFunction{};
}

SQLSMALLINT Statement::column_count() {
  ensure_described();
  return implicit_ird_.count();
}

const DescriptorRecord& Statement::column(SQLUSMALLINT number) {
  ensure_described();
  if (state_ == StatementState::kExecuted) {
    throw Error(SqlState::k24000, "The statement gave no result set");
  }
  if (implicit_ird_.count() == 0) {
    throw Error(SqlState::k07005, "The statement gives no result set");
  }
  if ((number == 0 && !cursor_options_.bookmarks()) || number > implicit_ird_.count()) {
    throw Error(SqlState::k07009, "Invalid descriptor index: there is no column " +
                                      std::to_string(number) + ", the result has " +
                                      std::to_string(implicit_ird_.count()));
  }
  return *implicit_ird_.find(static_cast<SQLSMALLINT>(number));
}

SQLLEN Statement::column_attribute(SQLUSMALLINT number, SQLUSMALLINT field) {
  if (field == SQL_DESC_COUNT || field == SQL_COLUMN_COUNT) return column_count();
  const DescriptorRecord& record = column(number);
  switch (field) {
    case SQL_COLUMN_LENGTH:
      return record.octet_length;
    case SQL_COLUMN_PRECISION:
      return static_cast<SQLLEN>(record.description.column_size);
    case SQL_COLUMN_SCALE:
      return record.description.decimal_digits;
    case SQL_COLUMN_NULLABLE:
      return record.nullable;
    case kColumnKey:
      return (record.source.flags & kPrimaryKey) != 0 ? SQL_TRUE : SQL_FALSE;
    default:
      break;
  }
  const DescriptorFieldRow& row = descriptor_field(static_cast<SQLSMALLINT>(field));
  if (row.in_header() || row.row == FieldAccess::kUnused) {
    throw Error(SqlState::kHY091, "Field " + std::to_string(field) + " is none of a column");
  }
  return row.read_record(record);
}

}  // namespace driver
