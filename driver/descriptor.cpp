#include "driver/descriptor.h"

#include <algorithm>
#include <utility>

#include "driver/pointers.h"
#include "driver/statement.h"
#include "fabric/base/error.h"

namespace driver {
namespace {

using fabric::base::Error;

constexpr SQLSMALLINT kLongestDecimal = 65;
constexpr SQLSMALLINT kLongestFraction = 9;
constexpr SQLSMALLINT kLongestLeadingField = 9;

Error bad_record(SQLSMALLINT number) {
  return {SqlState::k07009, "Descriptor record " + std::to_string(number) + " does not exist"};
}

void describe_column(DescriptorRecord& target, const fabric::mysql::Column& column,
                     const TypeRules& rules) {
  const ColumnDescription described = describe(column, rules);
  target.description = described;
  target.source = column;
  if (rules.full_column_names && !column.table.empty()) {
    target.name = column.table + "." + column.name;
  }
  target.concise_type = described.sql_type;
  target.type = described.verbose_type;
  target.datetime_interval_code = described.datetime_code;
  target.length = described.length;
  target.octet_length = described.octet_length;
  target.precision = described.precision;
  target.scale = described.scale;
  target.radix = described.radix;
  if (described.sql_type == SQL_REAL || described.sql_type == SQL_DOUBLE) {
    // ODBC 3.8, SQLSetDescField: the precision of approximate numbers is in bits.
    target.precision = described.sql_type == SQL_REAL ? 24 : 53;
    target.radix = 2;
  }
  target.nullable = described.nullable;
}

Error inconsistent(const std::string& what) { return {SqlState::kHY021, what}; }

/// Fields whose change leaves a record bound.
bool is_deferred(SQLSMALLINT id) {
  return id == SQL_DESC_DATA_PTR || id == SQL_DESC_OCTET_LENGTH_PTR || id == SQL_DESC_INDICATOR_PTR;
}

}  // namespace

void set_concise_type(DescriptorRecord& record, SQLSMALLINT concise) {
  record.concise_type = concise;
  record.type = verbose_type(concise);
  record.datetime_interval_code = datetime_subcode(concise);
  const TypeInfo* type = find_sql_type(concise);
  record.description.type = type;
  record.description.case_sensitive = type != nullptr && type->case_sensitive;
  record.description.is_unsigned = type != nullptr && (type->is_unsigned || !type->numeric);
}

Descriptor::Descriptor(Connection& connection)
    : Handle(kKind, connection.mutex()),
      connection_(connection),
      statement_(nullptr),
      role_(DescriptorRole::kApplication) {
  diagnostics.odbc2_states = connection.odbc2();
}

Descriptor::Descriptor(Statement& statement, Connection& connection, DescriptorRole role)
    : Handle(kKind, connection.mutex()),
      connection_(connection),
      statement_(&statement),
      role_(role) {
  diagnostics.odbc2_states = connection.odbc2();
}

fabric::mysql::Column bookmark_column() {
  constexpr std::uint16_t kBinary = 63;
  constexpr std::uint16_t kNotNullUnsigned = 1U | 32U;
  fabric::mysql::Column column;
  column.type = fabric::mysql::WireType::kLongLong;
  column.length = 20;
  column.charset = kBinary;
  column.flags = kNotNullUnsigned;
  return column;
}

void Descriptor::describe_columns(const std::vector<fabric::mysql::Column>& columns,
                                  const TypeRules& rules) {
  // As a rule the statement ran before. When the rules change all is described anew.
  if (std::ranges::equal(records, columns, {}, &DescriptorRecord::source)) return;
  records.assign(columns.size(), {});
  for (std::size_t i = 0; i < columns.size(); ++i) describe_column(records[i], columns[i], rules);
}

void Descriptor::describe_bookmark(const TypeRules& rules) {
  if (bookmark.octet_length != 0) return;  // always the same
  fabric::mysql::Column shown = bookmark_column();
  shown.type = fabric::mysql::WireType::kString;  // SQL_BINARY
  shown.length = sizeof(std::uint64_t);
  bookmark = {};
  describe_column(bookmark, shown, rules);
}

void Descriptor::require_in_sequence(Sequence sequence) const {
  if (sequence == Sequence::kWhileDataIsNeeded) return;
  for (Statement* statement : connection_.statements()) {
    if (statement->uses(*this)) statement->require_no_data_needed();
  }
}

DescriptorRecord& Descriptor::record(SQLSMALLINT number) {
  if (number < 0) throw bad_record(number);
  ++changes_;
  if (number == 0) return bookmark;
  if (number > count()) set_count(number);
  return records[static_cast<std::size_t>(number - 1)];
}

const DescriptorRecord* Descriptor::find(SQLSMALLINT number) const {
  if (number == 0) return &bookmark;
  if (number < 0 || number > count()) return nullptr;
  return &records[static_cast<std::size_t>(number - 1)];
}

SQLSMALLINT Descriptor::count() const { return static_cast<SQLSMALLINT>(records.size()); }

void Descriptor::set_count(SQLSMALLINT count) {
  if (count < 0) throw bad_record(count);
  ++changes_;
  records.resize(static_cast<std::size_t>(count));
}

void Descriptor::bind(SQLSMALLINT number, SQLSMALLINT c_type, SQLPOINTER data, SQLLEN capacity,
                      SQLLEN* length_or_indicator) {
  DescriptorRecord& target = record(number);
  set_concise_type(target, c_type);
  set_type_defaults(target);
  const SQLLEN fixed = fixed_c_size(c_type);
  target.octet_length = fixed != 0 ? fixed : capacity;
  target.data_ptr = data;
  target.octet_length_ptr = length_or_indicator;
  target.indicator_ptr = length_or_indicator;
}

void Descriptor::unbind(SQLSMALLINT number) {
  if (number > count()) return;
  DescriptorRecord& target = record(number);
  target.data_ptr = nullptr;
  target.octet_length_ptr = nullptr;
  target.indicator_ptr = nullptr;
  while (!records.empty() && records.back().data_ptr == nullptr &&
         records.back().octet_length_ptr == nullptr) {
    records.pop_back();
  }
}

void Descriptor::prepare_to_read() {
  if (role_ == DescriptorRole::kImplementationRow) statement_->describe_for_descriptor();
}

void Descriptor::paste(DescriptorFields fields) {
  if (role_ == DescriptorRole::kImplementationRow) {
    throw Error(SqlState::kHY016, "An implementation row descriptor cannot be changed");
  }
  for (const DescriptorRecord& copied : fields.records) {
    if (copied.data_ptr != nullptr) require_consistent(copied);
  }
  if (role_ == DescriptorRole::kImplementationParam) {
    for (DescriptorRecord& copied : fields.records) {  // an IPD binds nothing
      copied.data_ptr = nullptr;
      copied.octet_length_ptr = copied.indicator_ptr = nullptr;
    }
  }
  ++changes_;
  static_cast<DescriptorFields&>(*this) = std::move(fields);
}

const DescriptorRecord* Descriptor::readable(SQLSMALLINT number) const {
  const bool bookmarks = role_ == DescriptorRole::kApplication ||
                         (role_ == DescriptorRole::kImplementationRow &&
                          statement_->attribute(SQL_ATTR_USE_BOOKMARKS) != SQL_UB_OFF);
  if (number < 0 || (number == 0 && !bookmarks)) throw bad_record(number);
  return find(number);
}

SQLLEN Descriptor::field(SQLSMALLINT number, SQLSMALLINT id) const {
  const DescriptorFieldRow& row = descriptor_field(id);
  if (id == SQL_DESC_ALLOC_TYPE) return automatic() ? SQL_DESC_ALLOC_AUTO : SQL_DESC_ALLOC_USER;
  if (row.in_header()) return row.read_header(*this);
  const DescriptorRecord* found = readable(number);
  if (found == nullptr) throw bad_record(number);
  // "Undefined, with SQL_SUCCESS" (ODBC 3.8, SQLGetDescField, Comments).
  return row.access(role_) == FieldAccess::kUnused ? 0 : row.read_record(*found);
}

std::string Descriptor::text_field(SQLSMALLINT number, SQLSMALLINT id) const {
  const DescriptorRecord* found = readable(number);
  if (found == nullptr) throw bad_record(number);
  return text_of(*found, id);
}

void Descriptor::require_writable(const DescriptorFieldRow& row) const {
  const FieldAccess access = row.access(role_);
  if (access == FieldAccess::kWrite) return;
  if (role_ == DescriptorRole::kImplementationRow) {
    throw Error(SqlState::kHY016, "An implementation row descriptor cannot be changed");
  }
  throw Error(SqlState::kHY091, "Descriptor field " + std::to_string(row.id) + " is " +
                                    (access == FieldAccess::kRead ? "read-only" : "unused") +
                                    " in this kind of descriptor");
}

void Descriptor::require_writable(SQLSMALLINT number) const {
  const bool no_bookmark = number == 0 && role_ != DescriptorRole::kApplication;
  if (number < 0 || no_bookmark) throw bad_record(number);
}

void Descriptor::require_settable(SQLSMALLINT id, SQLPOINTER value) const {
  const auto given = static_cast<SQLSMALLINT>(driver::number(value));
  if (id == SQL_DESC_TYPE || id == SQL_DESC_CONCISE_TYPE) {
    const bool verbose = id == SQL_DESC_TYPE && (given == SQL_DATETIME || given == SQL_INTERVAL);
    const bool known =
        role_ == DescriptorRole::kApplication ? known_c_type(given) : known_sql_type(given);
    if (!verbose && !known) throw inconsistent("Type " + std::to_string(given) + " is not known");
  }
  if (id == SQL_DESC_UNNAMED && given == SQL_NAMED) {
    throw Error(SqlState::kHY092, "A parameter is named by setting SQL_DESC_NAME");
  }
  if (id != SQL_DESC_PARAMETER_TYPE) return;
  switch (given) {
    case SQL_PARAM_INPUT:
    case SQL_PARAM_INPUT_OUTPUT:
    case SQL_PARAM_OUTPUT:
    case SQL_PARAM_INPUT_OUTPUT_STREAM:
    case SQL_PARAM_OUTPUT_STREAM:
      return;
    default:
      throw Error(SqlState::kHY105, "Parameter type " + std::to_string(given) + " is not known");
  }
}

/// ODBC 3.8, SQLSetDescRec, "Consistency Checks".
void Descriptor::require_consistent(const DescriptorRecord& record) const {
  const SQLSMALLINT concise = record.concise_type;
  const bool known =
      role_ == DescriptorRole::kApplication ? known_c_type(concise) : known_sql_type(concise);
  if (!known || record.type != verbose_type(concise) ||
      record.datetime_interval_code != datetime_subcode(concise)) {
    throw inconsistent("The type, its concise type and its subcode do not go together");
  }
  const bool numeric = concise == SQL_NUMERIC || concise == SQL_DECIMAL;
  if (numeric && (record.precision < 0 || record.precision > kLongestDecimal ||
                  (record.precision > 0 && record.scale > record.precision))) {
    throw inconsistent("The precision of a decimal is 1 to 65, its scale not above it");
  }
  const bool seconds = record.type == SQL_DATETIME || record.type == SQL_INTERVAL;
  if (seconds && (record.precision < 0 || record.precision > kLongestFraction)) {
    throw inconsistent("The precision of seconds is 0 to 9");
  }
  if (record.type == SQL_INTERVAL && (record.datetime_interval_precision < 0 ||
                                      record.datetime_interval_precision > kLongestLeadingField)) {
    throw inconsistent("The precision of an interval's leading field is 0 to 9");
  }
}

void Descriptor::set_field(SQLSMALLINT number, SQLSMALLINT id, SQLPOINTER value) {
  const DescriptorFieldRow& row = descriptor_field(id);
  require_writable(row);
  if (id == SQL_DESC_COUNT) return set_count(static_cast<SQLSMALLINT>(driver::number(value)));
  if (id == SQL_DESC_ARRAY_SIZE && value == nullptr) {
    throw Error(SqlState::kHY024, "The array has at least one row");
  }
  if (row.in_header()) return row.write_header(*this, value);
  require_writable(number);
  require_settable(id, value);
  DescriptorRecord changed = number <= count() ? record(number) : DescriptorRecord{};
  row.write_record(changed, value);
  if (id == SQL_DESC_DATETIME_INTERVAL_CODE && changed.concise_type == 0) {
    throw inconsistent("The subcode does not go with the type");
  }
  if (id == SQL_DESC_DATA_PTR && value != nullptr) require_consistent(changed);
  if (!is_deferred(id) || role_ == DescriptorRole::kImplementationParam) {
    changed.data_ptr = nullptr;  // the standard unbinds when anything but a deferred field changes
  }
  record(number) = std::move(changed);
}

void Descriptor::set_text_field(SQLSMALLINT number, SQLSMALLINT id, std::string value) {
  require_writable(descriptor_field(id));
  require_writable(number);
  record(number).name = std::move(value);
}

void Descriptor::set_record(SQLSMALLINT number, const RecordSetting& setting) {
  if (role_ == DescriptorRole::kImplementationRow) {
    throw Error(SqlState::kHY016, "An implementation row descriptor cannot be changed");
  }
  require_writable(number);
  DescriptorRecord changed = number <= count() ? record(number) : DescriptorRecord{};
  const bool split = setting.type == SQL_DATETIME || setting.type == SQL_INTERVAL;
  set_concise_type(changed, split ? concise_type(setting.type, setting.subtype) : setting.type);
  changed.octet_length = setting.octet_length;
  changed.precision = setting.precision;
  changed.scale = setting.scale;
  require_consistent(changed);
  if (role_ == DescriptorRole::kApplication) {
    changed.data_ptr = setting.data_ptr;
    changed.octet_length_ptr = setting.octet_length_ptr;
    changed.indicator_ptr = setting.indicator_ptr;
  }
  record(number) = std::move(changed);
}

}  // namespace driver
