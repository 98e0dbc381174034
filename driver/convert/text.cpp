#include "driver/convert/text.h"

#include <algorithm>
#include <cstdint>

#include "driver/convert/target.h"
#include "driver/text/utf.h"

namespace driver::convert {
namespace {

std::size_t capacity_of(const CTarget& target) {
  if (target.capacity <= 0) return 0;
  return static_cast<std::size_t>(target.capacity);
}

/// Where to go on in a source of `size` units, never past its end.
std::size_t offset_in(std::size_t size, const Piece* piece) {
  return piece != nullptr ? std::min(piece->offset, size) : 0;
}

std::string_view rest_of(std::string_view source, const Piece* piece) {
  return source.substr(offset_in(source.size(), piece));
}

/// Remembers what was given out. k00000 when that was the rest.
SqlState finish(Piece* piece, std::size_t given, bool all) {
  if (piece != nullptr) {
    piece->begun = true;
    piece->offset += given;
    piece->exhausted = all;
  }
  return all ? SqlState::k00000 : SqlState::k01004;
}

/// All of a number or moment but its fraction; with an exponent nothing may be missing.
std::size_t essential_front(std::string_view text) {
  const bool exponent = text.find_first_of("eE") != std::string_view::npos;
  return exponent ? text.size() : std::min(text.find('.'), text.size());
}

/// Whether a number or a date would lose what matters. A first call of SQLGetData without a
/// buffer only asks for the length.
bool loses_essential(std::string_view text, Cut cut, std::size_t capacity, const Piece* piece) {
  if (cut == Cut::kAnywhere || text.size() < capacity) return false;
  if (piece != nullptr && (piece->begun || capacity == 0)) return false;
  return essential_front(text) >= std::max<std::size_t>(capacity, 1);
}

template <class Unit>
void put_unit(SQLPOINTER buffer, std::size_t index, Unit unit) {
  std::memcpy(static_cast<char*>(buffer) + index * sizeof(Unit), &unit, sizeof unit);
}

constexpr std::uint16_t low_surrogate(char32_t code_point) {
  return static_cast<std::uint16_t>(0xDC00 + (code_point & 0x3FFU));
}
constexpr std::uint16_t high_surrogate(char32_t code_point) {
  return static_cast<std::uint16_t>(0xD800 + ((code_point - 0x10000) >> 10U));
}

/// Writing of one piece of UTF-16: what is left of the source, and where the buffer stands.
struct WidePiece {
  std::string_view rest;
  SQLPOINTER buffer;
  std::size_t room;          // units, the terminator's apart
  std::size_t consumed = 0;  // bytes of `rest`
  std::size_t written = 0;   // units
  bool half_pair = false;

  /// The second half of a pair whose first half went into the buffer before.
  void finish_pair() {
    const text::Character pair = text::first_utf8(rest);
    put_unit(buffer, 0, low_surrogate(pair.code_point));
    consumed = pair.units;
    written = 1;
  }
  void fill() {
    auto* units = static_cast<SQLWCHAR*>(buffer) + written;
    const auto result = text::write_utf16(rest.substr(consumed), units, room - written);
    consumed += result.consumed;
    written += result.written;
  }
  /// Room for one unit is left, and a pair comes next.
  void begin_pair() {
    put_unit(buffer, written++, high_surrogate(text::first_utf8(rest.substr(consumed)).code_point));
    half_pair = true;
  }
};

/// Units of the value from where this piece began: counted once, and only what was not written.
std::size_t units_from(const WidePiece& out, const Piece* piece) {
  if (piece != nullptr && piece->begun) return piece->remaining;
  const std::size_t unwritten = text::utf16_units(out.rest.substr(out.consumed));
  return out.written + unwritten - (out.half_pair ? 1 : 0);
}

template <class Unit>
SqlState hex(std::string_view bytes, const CTarget& target, Piece* piece) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  const std::size_t offset = offset_in(bytes.size() * 2, piece);
  const std::size_t left = bytes.size() * 2 - offset;
  set_length(target, left * sizeof(Unit));
  if (target.buffer == nullptr) return SqlState::k00000;
  const std::size_t capacity = capacity_of(target) / sizeof(Unit);
  if (capacity == 0) return finish(piece, 0, false);
  const std::size_t room = capacity - 1;
  const std::size_t cut = piece != nullptr ? room : room - room % 2;
  const std::size_t count = left <= room ? left : cut;
  for (std::size_t index = 0; index < count; ++index) {
    const auto byte = static_cast<std::uint8_t>(bytes[(offset + index) / 2]);
    const std::size_t nibble = (offset + index) % 2 == 0 ? byte >> 4U : byte & 0x0FU;
    put_unit(target.buffer, index, static_cast<Unit>(kDigits[nibble]));
  }
  put_unit(target.buffer, count, Unit{0});
  return finish(piece, count, count == left);
}

}  // namespace

SqlState text_to_char(std::string_view utf8, Cut cut, const CTarget& target,
                      Piece* piece) noexcept {
  const std::string_view rest = rest_of(utf8, piece);
  set_length(target, rest.size());
  if (target.buffer == nullptr) return SqlState::k00000;
  const std::size_t capacity = capacity_of(target);
  if (loses_essential(utf8, cut, capacity, piece)) return SqlState::k22003;
  if (capacity == 0) return finish(piece, 0, false);
  const std::size_t room = capacity - 1;
  const std::size_t count =
      piece != nullptr ? std::min(room, rest.size()) : text::whole_characters(rest, room);
  if (count != 0) std::memcpy(target.buffer, rest.data(), count);
  static_cast<char*>(target.buffer)[count] = '\0';
  return finish(piece, count, count == rest.size());
}

SqlState text_to_wchar(std::string_view utf8, Cut cut, const CTarget& target,
                       Piece* piece) noexcept {
  const std::size_t capacity =
      target.buffer != nullptr ? capacity_of(target) / sizeof(SQLWCHAR) : 0;
  const bool loses = target.buffer != nullptr && loses_essential(utf8, cut, capacity, piece);
  if (loses) return SqlState::k22003;
  WidePiece out{rest_of(utf8, piece), target.buffer, capacity > 0 ? capacity - 1 : 0};
  if (capacity > 0) {
    if (piece != nullptr && piece->half_pair && out.room > 0) out.finish_pair();
    out.fill();
    const bool pair_is_next = out.written < out.room && out.consumed < out.rest.size();
    if (pair_is_next && piece != nullptr) out.begin_pair();
    put_unit(target.buffer, out.written, std::uint16_t{0});
  }
  const std::size_t left = units_from(out, piece);
  set_length(target, left * sizeof(SQLWCHAR));
  if (target.buffer == nullptr) return SqlState::k00000;
  if (piece != nullptr) {
    piece->remaining = left - out.written;
    piece->half_pair = out.half_pair || (piece->half_pair && out.written == 0);
  }
  return finish(piece, out.consumed, capacity > 0 && out.written == left);
}

SqlState hex_to_char(std::string_view bytes, const CTarget& target, Piece* piece) noexcept {
  return hex<char>(bytes, target, piece);
}

SqlState hex_to_wchar(std::string_view bytes, const CTarget& target, Piece* piece) noexcept {
  return hex<std::uint16_t>(bytes, target, piece);
}

SqlState bytes_to_binary(std::string_view bytes, const CTarget& target, Piece* piece) noexcept {
  const std::string_view rest = rest_of(bytes, piece);
  set_length(target, rest.size());
  if (target.buffer == nullptr) return SqlState::k00000;
  const std::size_t count = std::min(capacity_of(target), rest.size());
  if (count != 0) std::memcpy(target.buffer, rest.data(), count);
  return finish(piece, count, count == rest.size());
}

}  // namespace driver::convert
