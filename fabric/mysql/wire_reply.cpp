#include "fabric/mysql/wire_reply.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <span>
#include <utility>

#include "fabric/mysql/packet_cells.h"

namespace fabric::mysql {
namespace {

// What closing early may read before the link is given up.
constexpr std::size_t kDrainRows = 256;
constexpr std::size_t kDrainBytes = 64 * 1024;
constexpr std::chrono::milliseconds kDrainTime{50};

/// Behind the rows: this byte, the warnings, the status. A row that begins with it has a first
/// value of 16 MiB or more.
constexpr std::uint8_t kEndOfRows = 0xFE;
constexpr std::size_t kLongestEnd = 8;
constexpr std::size_t kEndSize = 5;

std::uint16_t short_at(const std::uint8_t* bytes) {
  return static_cast<std::uint16_t>(bytes[0] | bytes[1] << 8U);
}

std::string text_of(const char* text, unsigned length) {
  return text == nullptr ? std::string() : std::string(text, length);
}

/// Bytes of a fixed-width type; 0 when the value carries its length in front.
constexpr std::uint8_t fixed_width(WireType type) {
  switch (type) {
    case WireType::kTiny:
      return 1;
    case WireType::kShort:
    case WireType::kYear:
      return 2;
    case WireType::kLong:
    case WireType::kInt24:
    case WireType::kFloat:
      return 4;
    case WireType::kLongLong:
    case WireType::kDouble:
      return 8;
    default:
      return 0;
  }
}

bool same(const std::string& known, const char* text, unsigned length) {
  return known.size() == length && (length == 0 || std::memcmp(known.data(), text, length) == 0);
}

bool same(const Column& known, const MYSQL_FIELD& field) {
  return same(known.name, field.name, field.name_length) &&
         same(known.base_name, field.org_name, field.org_name_length) &&
         same(known.table, field.table, field.table_length) &&
         same(known.base_table, field.org_table, field.org_table_length) &&
         same(known.catalog_schema, field.db, field.db_length) &&
         known.type == static_cast<WireType>(field.type) && known.length == field.length &&
         known.charset == field.charsetnr &&
         known.flags == static_cast<std::uint16_t>(field.flags) && known.decimals == field.decimals;
}

bool same(const SharedHead& known, std::span<const MYSQL_FIELD> fields) {
  return known != nullptr && std::ranges::equal(known->columns, fields,
                                                [](const Column& column, const MYSQL_FIELD& field) {
                                                  return same(column, field);
                                                });
}

}  // namespace

const std::uint8_t* take_rare_value(const std::uint8_t* at, const std::uint8_t* end, Cell& cell) {
  constexpr std::uint8_t kNull = 251;
  if (*at == kNull) {
    cell = {};
    return at + 1;
  }
  Cell bytes;
  at = take_value(at + 1, end, *at == 252 ? 2 : *at == 253 ? 3 : 8, bytes);
  if (at == nullptr) return nullptr;
  std::size_t size = 0;
  for (std::size_t i = bytes.size; i > 0; --i) size = size << 8U | bytes.data[i - 1];
  return take_value(at, end, size, cell);
}

SharedHead head_of(const MYSQL_FIELD* fields, unsigned count) {
  auto head = std::make_shared<ResultHead>();
  std::vector<Column>& columns = head->columns;
  columns.reserve(count);
  for (unsigned i = 0; i < count; ++i) {
    const MYSQL_FIELD& field = fields[i];
    columns.push_back({.catalog_schema = text_of(field.db, field.db_length),
                       .table = text_of(field.table, field.table_length),
                       .base_table = text_of(field.org_table, field.org_table_length),
                       .name = text_of(field.name, field.name_length),
                       .base_name = text_of(field.org_name, field.org_name_length),
                       .type = static_cast<WireType>(field.type),
                       .length = static_cast<std::uint32_t>(field.length),
                       .charset = static_cast<std::uint16_t>(field.charsetnr),
                       .flags = static_cast<std::uint16_t>(field.flags),
                       .decimals = static_cast<std::uint8_t>(field.decimals)});
    head->widths.push_back(fixed_width(columns.back().type));
  }
  return head;
}

void WireReply::begin() {
  session_->await_answer();
  if (take_known_head()) return begin_rows(latest_head());
  if (mysql_read_query_result(session_->handle()) != 0) fail(session_->error(LinkLoss::kAfterSend));
  take_answer();
}

/// MariaDB does not repeat columns that it has told of a prepared statement: their number, a zero,
/// and an EOF are all then.
bool WireReply::take_known_head() {
  constexpr std::array<std::uint8_t, 3> kCountSize{2, 0, 0};
  constexpr std::array<std::uint8_t, 3> kEofSize{kEndSize, 0, 0};
  constexpr std::size_t kCount = 4;
  constexpr std::size_t kEofHeader = 6;
  constexpr std::size_t kEof = 10;
  constexpr std::size_t kSize = kEof + kEndSize;
  const SharedHead& latest = latest_head();
  const std::span<const std::uint8_t> packets = session_->at_hand();
  if (latest == nullptr || packets.size() < kSize) return false;
  if (!std::ranges::equal(packets.first(3), kCountSize) ||
      !std::ranges::equal(packets.subspan(kEofHeader, 3), kEofSize) ||
      packets[kCount] != latest->columns.size() || packets[kCount + 1] != 0 ||
      packets[kEof] != kEndOfRows) {
    return false;
  }
  MYSQL* mysql = session_->handle();
  mysql->warning_count = short_at(&packets[kEof + 1]);
  mysql->server_status = short_at(&packets[kEof + 3]);
  mysql->status = MYSQL_STATUS_GET_RESULT;
  session_->skip(kSize);
  return true;
}

/// What the library has read.
void WireReply::take_answer() {
  const MYSQL* mysql = session_->handle();
  const unsigned count = mysql->field_count;
  in_rows_ = count != 0;
  if (in_rows_) return begin_rows(described(mysql->fields, count));
  counts_ = {};
  head_ = nullptr;
  out_parameters_ = false;
  session_->set_reply_open(true);
  end_result();
}

void WireReply::begin_rows(SharedHead head) {
  counts_ = {};
  head_ = std::move(head);
  in_rows_ = true;
  out_parameters_ = (session_->handle()->server_status & SERVER_PS_OUT_PARAMS) != 0;
  session_->set_reply_open(true);
  const std::size_t count = head_->columns.size();
  if (count > kFew) many_cells_.resize(count);
  cells_ = count > kFew ? std::span(many_cells_) : std::span(few_cells_).first(count);
  row_ = cells_;
  // What fails for most part fails before its first row: the command's failure, not a fetch's.
  first_ = read_row();
}

SharedHead WireReply::described(const MYSQL_FIELD* fields, unsigned count) {
  SharedHead& latest = latest_head();
  if (fields == nullptr) {  // as above, where the library has read it
    if (latest == nullptr || latest->columns.size() != count) {
      fail(session_->error(LinkLoss::kAfterSend));
    }
    return latest;
  }
  if (!same(latest, {fields, count})) latest = head_of(fields, count);
  return latest;
}

const Row* WireReply::read_row() {
  if (const auto packet = session_->take_packet_at_hand(); !packet.empty()) return row_of(packet);
  MYSQL* mysql = session_->handle();
  const unsigned long size = mysql_net_read_packet(mysql);
  if (size == packet_error) fail(session_->error(LinkLoss::kAfterSend));
  return row_of({mysql->net.read_pos, size});
}

const Row* WireReply::row_of(std::span<const std::uint8_t> packet) {
  if (packet[0] == kEndOfRows && packet.size() <= kLongestEnd) {
    if (packet.size() >= kEndSize) note_end(packet);
    end_result();
    return nullptr;
  }
  if (!cut(packet)) fail(session_->error(LinkLoss::kAfterSend));
  return &row_;
}

void WireReply::note_end(std::span<const std::uint8_t> packet) {
  MYSQL* mysql = session_->handle();
  mysql->warning_count = short_at(packet.data() + 1);
  // Behind the row of output parameters MySQL 5.6 has forgotten that its final OK comes.
  if (!out_parameters_) mysql->server_status = short_at(packet.data() + 3);
}

/// As the library does where it has read the rows itself.
void WireReply::leave_rows() {
  if (!in_rows_) return;
  in_rows_ = false;
  if (!session_->closed()) session_->handle()->status = MYSQL_STATUS_READY;
}

void WireReply::end_result() {
  MYSQL* mysql = session_->handle();
  if (in_rows_) {
    leave_rows();
  } else {
    counts_.affected_rows = mysql_affected_rows(mysql);
    counts_.insert_id = mysql_insert_id(mysql);
    const char* info = mysql_info(mysql);
    counts_.info = info == nullptr ? "" : info;
  }
  counts_.warnings = static_cast<std::uint16_t>(mysql_warning_count(mysql));
  more_results_ = mysql_more_results(mysql) != 0;
  session_->set_reply_open(more_results_);
  session_->answered();
}

void WireReply::fail(const MysqlError& error) {
  leave_rows();
  more_results_ = false;
  session_->set_reply_open(false);
  throw error;
}

const Row* WireReply::fetch_at_hand() {
  if (first_ != nullptr) return std::exchange(first_, nullptr);
  if (!in_rows_) return nullptr;
  const std::span<const std::uint8_t> packet = session_->take_packet_at_hand();
  return packet.empty() ? nullptr : row_of(packet);
}

const Row* WireReply::fetch(base::Deadline deadline) {
  if (const Row* row = fetch_at_hand()) return row;
  if (!in_rows_) return nullptr;
  const Session::Waiting waiting(*session_, deadline, Session::Use::kRows);
  session_->await_answer();
  return read_row();
}

bool WireReply::next_result(base::Deadline deadline) {
  while (fetch(deadline) != nullptr) {
  }
  if (!more_results_) return false;
  const Session::Waiting waiting(*session_, deadline, Session::Use::kRows);
  session_->await_answer();
  if (mysql_next_result(session_->handle()) != 0) fail(session_->error(LinkLoss::kAfterSend));
  take_answer();
  return true;
}

void WireReply::leave() noexcept {
  if (session_->abandoned() || finished()) return;
  try {
    if (!session_->closed() && !session_->broken() && !finished()) {
      const auto deadline = base::Deadline::at(std::chrono::steady_clock::now() + kDrainTime);
      std::size_t rows = 0;
      std::size_t bytes = 0;
      while (!finished() && rows < kDrainRows && bytes < kDrainBytes) {
        if (const Row* row = fetch(deadline)) {
          ++rows;
          for (const Cell& cell : *row) bytes += cell.size;
        } else {
          next_result(deadline);
        }
      }
    }
  } catch (...) {
    session_->mark_broken();
  }
  if (!session_->closed() && !finished()) session_->mark_broken();
  leave_rows();
  session_->set_reply_open(false);
}

}  // namespace fabric::mysql
