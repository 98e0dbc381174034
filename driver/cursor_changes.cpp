#include "driver/cursor_changes.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include "driver/convert/wire_value.h"
#include "driver/sql/literals.h"
#include "driver/sql/single_table.h"
#include "driver/statement.h"
#include "fabric/base/error.h"

namespace driver {

using convert::WireKind;
using fabric::base::Deadline;
using fabric::base::Error;
using fabric::mysql::BytesValue;
using fabric::mysql::Cell;
using fabric::mysql::Column;
using fabric::mysql::Parameter;
using fabric::mysql::Reply;
using fabric::mysql::Row;
using fabric::mysql::RowFormat;
using fabric::mysql::ServerConnection;
using fabric::mysql::TextValue;

namespace {

std::string checked_table(const std::string& select, Connection& connection) {
  const sql::SingleTable single = sql::single_table_of(select, connection.scan_options(select));
  if (single.refusal.empty()) return single.table;
  throw Error(SqlState::kHYC00, "The rows of this result cannot be changed: " + single.refusal);
}

/// Of what SHOW COLUMNS tells.
enum ColumnField : std::size_t { kColumnName = 0, kColumnExtra = 5 };

/// DEFAULT_GENERATED is another thing: a default that is computed.
bool is_computed(const rows::Record& column) {
  const std::string extra = column.at(kColumnExtra).value_or("");
  return extra.find("VIRTUAL") != std::string::npos || extra.find("STORED") != std::string::npos ||
         extra.find("PERSISTENT") != std::string::npos;
}

/// What `target` holds once it is set to a value that a SELECT gave as `text` in `column`.
std::optional<Parameter> given_to(const Column& target, const Column& column,
                                  const std::string& text) {
  const WireKind kind = convert::wire_kind(target);
  const WireKind given = convert::wire_kind(column);
  const bool bytes =
      given == WireKind::kBytes || given == WireKind::kBit || given == WireKind::kBits;
  if (kind == WireKind::kBytes || (kind == WireKind::kText && bytes)) return BytesValue{text};
  if (kind == WireKind::kText) return TextValue{text};
  const bool bits = kind == WireKind::kBit || kind == WireKind::kBits;
  if (bytes && bits) return BytesValue{text};
  if (bytes) return std::nullopt;  // X'05' is a number there, and a string where it is compared
  const Cell cell{.data = reinterpret_cast<const std::uint8_t*>(text.data()), .size = text.size()};
  const auto number = given == WireKind::kInteger || given == WireKind::kReal
                          ? convert::wire_number(column, RowFormat::kText, cell)
                          : std::nullopt;
  if (number && number->kind == convert::Number::Kind::kInteger) {
    if (!number->negative) return number->magnitude;
    return static_cast<std::int64_t>(0 - number->magnitude);
  }
  double real = 0;
  if (number && convert::real_of(*number, real) == SqlState::k00000) return real;
  return TextValue{text};
}

}  // namespace

std::uint64_t matched_rows(const fabric::mysql::Counts& counts) {
  constexpr std::string_view kMatched = "Rows matched: ";
  const std::size_t at = counts.info.find(kMatched);
  if (at == std::string::npos) return counts.affected_rows;
  std::uint64_t rows = 0;
  std::from_chars(counts.info.data() + at + kMatched.size(),
                  counts.info.data() + counts.info.size(), rows);
  return rows;
}

CursorChanges::CursorChanges(const Statement& statement, const sql::RowLocator::Columns& columns,
                             RowFormat format, const std::string& select)
    : statement_(statement),
      connection_(statement.connection()),
      locator_(columns, format, checked_table(select, connection_)) {
  find_key();
}

void CursorChanges::find_key() {
  enum Field : std::size_t { kNonUnique = 1, kKeyName = 2, kColumn = 4, kSubPart = 7, kNull = 9 };
  std::vector<std::vector<std::string>> keys;
  std::string last;
  bool usable = false;
  for (const rows::Record& row : connection_.rows("SHOW KEYS FROM " + locator_.table())) {
    if (row.size() <= kNull || row[kNonUnique] != "0" || !row[kColumn]) continue;
    if (keys.empty() || row[kKeyName] != last) {
      if (!keys.empty() && !usable) keys.pop_back();
      keys.emplace_back();
      last = row[kKeyName].value_or("");
      usable = true;
    }
    // Of a nullable key several rows may hold NULL; a prefix alone is no value.
    usable = usable && row[kNull].value_or("") != "YES" && !row[kSubPart];
    keys.back().push_back(*row[kColumn]);
  }
  if (!keys.empty() && !usable) keys.pop_back();
  locator_.choose_key(keys);
  locator_.compare_too(connection_.sharding_column(locator_.schema(), locator_.table_name()));
}

bool CursorChanges::is_generated(std::size_t column) {
  constexpr unsigned kFirstOfMysql = 50700;
  if (!knows_generated_ &&
      (connection_.is_mariadb() || connection_.version_number() >= kFirstOfMysql)) {
    std::vector<std::string> names;
    for (const rows::Record& row : connection_.rows("SHOW COLUMNS FROM " + locator_.table())) {
      if (is_computed(row)) names.push_back(row.at(kColumnName).value_or(""));
    }
    locator_.note_generated(names);
  }
  knows_generated_ = true;
  return locator_.is_generated(column);
}

/// By some of its values another row would be found, and be changed: none of this result, perhaps.
void CursorChanges::require_every_column() {
  if (has_every_column_) return;
  for (const rows::Record& row : connection_.rows("SHOW COLUMNS FROM " + locator_.table())) {
    const std::string name = row.at(kColumnName).value_or("");
    if (locator_.column_named(name) || is_computed(row)) continue;
    throw Error(SqlState::kHYC00, "The result holds neither a key of table " + locator_.table() +
                                      " nor its column " + name +
                                      ": rows are changed where they are found by their primary "
                                      "key, or by all of their values");
  }
  has_every_column_ = true;
}

CursorChanges::Found CursorChanges::find(const Row& row, const CursorOptions& options) {
  Found found{.where = locator_.where(row, options.compares_values())};
  if (locator_.has_key()) return found;
  if (options.simulate_cursor() == SQL_SC_UNIQUE) {
    throw Error(SqlState::kHYC00,
                "The result holds no key of table " + locator_.table() +
                    ": select its primary key, or set SQL_ATTR_SIMULATE_CURSOR to "
                    "SQL_SC_NON_UNIQUE");
  }
  require_every_column();
  const auto counted = connection_.rows(locator_.count(found.where));
  const std::string count = counted.empty() ? "0" : counted[0][0].value_or("0");
  found.hit = count == "0" ? Hit::kNone : count == "1" ? Hit::kOne : Hit::kSeveral;
  return found;
}

fabric::mysql::Counts CursorChanges::run(const std::string& sql, Values values) {
  const Deadline deadline = statement_.deadline();
  const CancelPoint::Running running(connection_.cancel_point(), statement_);
  std::unique_ptr<fabric::mysql::Prepared> prepared;
  const sql::StatementFacts facts = facts_of(sql, connection_.scan_options(sql));
  statement_.require_row_stays(sql, facts, values);
  const auto reply = connection_.execute(
      facts,
      [&](ServerConnection& server) {
        if (values.empty()) return server.query(sql, deadline);
        prepared = server.prepare(sql, deadline);
        return prepared->execute(values, deadline);
      },
      deadline);
  return reply == nullptr ? fabric::mysql::Counts() : reply->counts();
}

CursorChanges::Hit CursorChanges::update(const Found& found, Chosen columns, Values values) {
  if (found.hit == Hit::kNone) return Hit::kNone;
  const auto counts = run(locator_.update(columns, found.where), values);
  return matched_rows(counts) == 0 ? Hit::kNone : found.hit;
}

CursorChanges::Hit CursorChanges::remove(const Found& found) {
  if (found.hit == Hit::kNone) return Hit::kNone;
  return matched_rows(run(locator_.remove(found.where), {})) == 0 ? Hit::kNone : found.hit;
}

std::uint64_t CursorChanges::insert(Chosen columns, Values values) {
  return run(locator_.insert(columns), values).insert_id;
}

CursorChanges::Foreseen CursorChanges::foresee(const Found& found, std::string_view update,
                                               Values values) {
  const std::string text(update);
  const sql::ScanOptions options = connection_.scan_options(text);
  const auto set = sql::assignments_of(text, options);
  if (!set || found.hit == Hit::kNone) return {};
  if (!locator_.has_key()) static_cast<void>(is_generated(0));  // what follows is known then
  Foreseen foreseen;
  std::vector<std::size_t> asked;  // places among them
  std::string list;
  std::vector<Parameter> given;
  for (const sql::Assignment& one : set->list) {
    const auto column = locator_.column_named(one.column);
    if (!column) continue;
    if (std::ranges::find(foreseen.columns, *column) != foreseen.columns.end()) return {};
    if (locator_.finds_by(*column)) {
      if (!one.foreseeable) return {};
      list += (list.empty() ? "" : ",") + one.value;
      const auto markers = values.subspan(one.first_marker, one.markers);
      given.insert(given.end(), markers.begin(), markers.end());
      asked.push_back(foreseen.columns.size());
    }
    foreseen.columns.push_back(*column);
  }
  foreseen.values.resize(foreseen.columns.size());
  if (asked.empty()) return foreseen;
  const std::string sql =
      sql::with_literals("SELECT " + list + " FROM " + set->target, given, options) + " WHERE " +
      found.where + " LIMIT 1 FOR UPDATE";  // reads what the UPDATE will read
  return read_values(sql, asked, foreseen) ? std::move(foreseen) : Foreseen{};
}

/// The row of `sql` into the values at the places `asked`; false when there is none, or a value
/// cannot be told.
bool CursorChanges::read_values(const std::string& sql, const std::vector<std::size_t>& asked,
                                Foreseen& into) {
  const Deadline deadline = statement_.deadline();
  bool known = false;
  connection_.execute(
      facts_of(sql, connection_.scan_options(sql)),
      [&](ServerConnection& server) {
        std::unique_ptr<Reply> rows = server.query(sql, deadline);
        const Row* row = rows->fetch(deadline);
        known = row != nullptr;
        for (std::size_t i = 0; known && i < asked.size(); ++i) {
          const Cell& cell = (*row)[i];
          const Column& target = locator_.column(into.columns[asked[i]]);
          known = !cell.null() || !target.not_null();  // else an error, or some default
          if (cell.null()) continue;
          const std::string& text = into.texts.emplace_back(convert::bytes_of(cell));
          const auto value = given_to(target, rows->columns()[i], text);
          known = value.has_value();
          into.values[asked[i]] = value.value_or(Parameter());
        }
        while (rows->next_result(deadline)) {
        }
        return rows;
      },
      deadline);
  return known;
}

bool CursorChanges::read_again(const Row& old, Chosen columns, Values values, const Taker& take) {
  return read_row(locator_.where_after(old, false, columns, values), [&](const Row& row) {
    std::vector<Cell> cells(row.begin(), row.end());
    for (std::size_t i = 0; i < cells.size(); ++i) {
      if (!locator_.of_table(i)) cells[i] = old[i];
    }
    take(cells);
  });
}

bool CursorChanges::read_added(Chosen columns, Values values, std::uint64_t insert_id,
                               const Taker& take) {
  const auto where = locator_.where_added(columns, values, insert_id);
  return where && read_row(*where, take);
}

bool CursorChanges::read_row(const std::string& where, const Taker& take) {
  const std::string sql = locator_.select(where);
  const Deadline deadline = statement_.deadline();
  sql::StatementFacts facts;
  facts.kind = sql::StatementKind::kSelect;
  facts.pure_read = true;
  bool found = false;
  std::unique_ptr<fabric::mysql::Prepared> prepared;
  const auto reply = connection_.execute(
      facts,
      [&](ServerConnection& server) {
        std::unique_ptr<Reply> rows;
        if (locator_.format() == RowFormat::kText) {
          rows = server.query(sql, deadline);
        } else {
          prepared = server.prepare(sql, deadline);
          rows = prepared->execute({}, deadline);
        }
        if (const Row* row = rows->fetch(deadline)) {
          take(*row);
          found = true;
          rows->next_result(deadline);
        }
        return rows;
      },
      deadline);
  return found;
}

}  // namespace driver
