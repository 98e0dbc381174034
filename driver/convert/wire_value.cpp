#include "driver/convert/wire_value.h"

#include <algorithm>
#include <array>
#include <bit>
#include <charconv>
#include <cstring>

namespace driver::convert {
namespace {

using fabric::mysql::WireType;

constexpr std::uint16_t kZerofillFlag = 64;
constexpr unsigned kMostFractionDigits = 6;

std::optional<Number> binary_integer(bool is_unsigned, const Cell& cell) {
  if (cell.size != 1 && cell.size != 2 && cell.size != 4 && cell.size != 8) return std::nullopt;
  std::uint64_t bits = 0;
  for (std::size_t index = cell.size; index-- > 0;) bits = (bits << 8U) | cell.data[index];
  if (is_unsigned) return Number::of(bits);
  const std::uint64_t unused = 64 - 8 * cell.size;
  return Number::of(static_cast<std::int64_t>(bits << unused) >> unused);
}

template <class Real>
Real load_real(const Cell& cell) {
  static_assert(std::endian::native == std::endian::little);
  Real value{};
  std::memcpy(&value, cell.data, sizeof value);
  return value;
}

std::optional<Number> binary_real(const Cell& cell) {
  if (cell.size == sizeof(float)) return Number::of(load_real<float>(cell));
  if (cell.size == sizeof(double)) return Number::of(load_real<double>(cell));
  return std::nullopt;
}

/// Both protocols send a BIT(n) as its bytes, the highest first.
std::optional<Number> bits(const Cell& cell) {
  if (cell.size == 0 || cell.size > sizeof(std::uint64_t)) return std::nullopt;
  std::uint64_t value = 0;
  for (std::size_t index = 0; index < cell.size; ++index) value = (value << 8U) | cell.data[index];
  return Number::of(value);
}

/// Of digits alone; MySQL 5.6 writes the highest bit of a BIT(64) as a sign.
std::optional<std::uint64_t> whole_number(std::string_view digits) {
  const auto read = [&](auto number) -> std::optional<std::uint64_t> {
    const char* end = digits.data() + digits.size();
    const auto [rest, error] = std::from_chars(digits.data(), end, number);
    if (error != std::errc{} || rest != end) return std::nullopt;
    return static_cast<std::uint64_t>(number);
  };
  return digits.starts_with('-') ? read(std::int64_t{}) : read(std::uint64_t{});
}

std::string_view integer_text(const Column& column, const Number& number, char* out) {
  char* digits = out;
  if (number.negative) *digits++ = '-';
  const auto result = std::to_chars(digits, out + kWireText, number.magnitude);
  const auto size = static_cast<std::size_t>(result.ptr - out);
  const std::size_t width = std::min<std::size_t>(column.length, kWireText);
  const bool pad = (column.flags & kZerofillFlag) != 0 && width > size && !number.negative;
  if (!pad) return {out, size};
  std::memmove(out + (width - size), out, size);
  std::memset(out, '0', width - size);
  return {out, width};
}

std::string_view real_text(const Column& column, const Number& number, char* out) {
  return number.single ? format_real(static_cast<float>(number.real), column.decimals, out)
                       : format_real(number.real, column.decimals, out);
}

/// As many digits as the column has; an expression that does not say shows what there is.
unsigned fraction_digits(const Column& column, const Moment& moment) {
  if (column.decimals <= kMostFractionDigits) return column.decimals;
  return moment.nanoseconds != 0 ? kMostFractionDigits : 0;
}

std::string_view moment_text(const Column& column, const Cell& cell, char* out) {
  const std::optional<Moment> moment = wire_moment(column.type, cell);
  return moment ? format_moment(*moment, fraction_digits(column, *moment), out)
                : std::string_view{};
}

std::string_view binary_number_text(const Column& column, const Cell& cell, char* out) {
  const std::optional<Number> number = wire_number(column, RowFormat::kBinary, cell);
  if (!number) return {};
  return number->kind == Number::Kind::kReal ? real_text(column, *number, out)
                                             : integer_text(column, *number, out);
}

}  // namespace

WireKind wire_kind(const Column& column) noexcept {
  switch (column.type) {
    case WireType::kTiny:
    case WireType::kShort:
    case WireType::kLong:
    case WireType::kInt24:
    case WireType::kLongLong:
    case WireType::kYear:
      return WireKind::kInteger;
    case WireType::kFloat:
    case WireType::kDouble:
      return WireKind::kReal;
    case WireType::kDecimal:
    case WireType::kNewDecimal:
      return WireKind::kDecimal;
    case WireType::kTimestamp:
    case WireType::kDate:
    case WireType::kTime:
    case WireType::kDateTime:
    case WireType::kNewDate:
      return WireKind::kMoment;
    case WireType::kBit:
      return column.length <= 1 ? WireKind::kBit : WireKind::kBits;
    case WireType::kGeometry:
      return WireKind::kBytes;
    case WireType::kJson:  // MySQL gives it the binary collation
    case WireType::kNull:
      return WireKind::kText;
    default:
      return column.is_binary() ? WireKind::kBytes : WireKind::kText;
  }
}

bool may_come_as_digits(const Column& column) noexcept {
  return column.type == WireType::kBit && (column.flags & kExpressionFlag) != 0;
}

Cell bits_of_digits(const Column& column, const Cell& cell, BitBytes& room) noexcept {
  if (cell.null()) return cell;
  const std::optional<std::uint64_t> value = whole_number(bytes_of(cell));
  if (!value || static_cast<std::uint32_t>(std::bit_width(*value)) > column.length) return cell;
  const std::size_t width = std::clamp<std::size_t>((column.length + 7) / 8, 1, room.size());
  for (std::size_t i = 0; i < width; ++i) {
    room[i] = static_cast<std::uint8_t>(*value >> (8 * (width - 1 - i)));
  }
  return {room.data(), width};
}

std::optional<Number> wire_number(const Column& column, RowFormat format,
                                  const Cell& cell) noexcept {
  if (column.type == WireType::kBit) return bits(cell);
  const bool text = format == RowFormat::kText || wire_kind(column) == WireKind::kDecimal;
  if (text) return Number::of(bytes_of(cell));
  return wire_kind(column) == WireKind::kReal
             ? binary_real(cell)
             : binary_integer(column.is_unsigned() || column.type == WireType::kYear, cell);
}

std::optional<Moment> wire_moment(const Column& column, RowFormat format,
                                  const Cell& cell) noexcept {
  return format == RowFormat::kText ? parse_moment(bytes_of(cell)) : wire_moment(column.type, cell);
}

std::string_view wire_text(const Column& column, RowFormat format, const Cell& cell,
                           char* out) noexcept {
  const WireKind kind = wire_kind(column);
  if (kind == WireKind::kBit) {
    const std::optional<Number> bit = bits(cell);
    return bit ? integer_text(column, *bit, out) : std::string_view{};
  }
  if (format == RowFormat::kText || kind == WireKind::kDecimal) return bytes_of(cell);
  return kind == WireKind::kMoment ? moment_text(column, cell, out)
                                   : binary_number_text(column, cell, out);
}

}  // namespace driver::convert
