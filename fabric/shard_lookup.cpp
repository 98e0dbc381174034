#include "fabric/shard_lookup.h"

#include <algorithm>

#include "fabric/base/ascii.h"
#include "fabric/md5.h"

namespace fabric {

namespace {

/// utf8_bin with PAD SPACE: by code point (which is UTF-8 byte order), the shorter operand padded
/// with blanks.
int compare_padded(std::string_view a, std::string_view b) {
  const std::size_t common = std::min(a.size(), b.size());
  const int start = a.substr(0, common).compare(b.substr(0, common));
  if (start != 0 || a.size() == b.size()) return start;
  const std::string_view rest = (a.size() > b.size() ? a : b).substr(common);
  const auto other = rest.find_first_not_of(' ');
  if (other == std::string_view::npos) return 0;
  const bool rest_is_less = static_cast<unsigned char>(rest[other]) < ' ';
  return rest_is_less == (a.size() > b.size()) ? -1 : 1;
}

/// Beyond U+FFFF the node's three-byte utf8 has no order to follow.
bool beyond_bmp(std::string_view text) {
  return std::any_of(text.begin(), text.end(),
                     [](char c) { return static_cast<unsigned char>(c) >= 0xF0; });
}

bool is_hex(char c) { return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'F'); }

std::string quoted(const std::string& text) { return "'" + text + "'"; }

ShardAnswer nobody(std::string why) {
  ShardAnswer answer;
  answer.error = std::move(why);
  return answer;
}

}  // namespace

ShardLookup::ShardLookup(const ShardMap& map)
    : mapping_id_(map.mapping_id),
      type_(map.type),
      type_name_(map.type_name),
      in_one_group_(std::ranges::all_of(map.shards, [&](const Shard& shard) {
        return shard.group == map.shards.front().group;
      })) {
  if (!map.problem.empty()) {
    problem_ = name() + ": " + map.problem;
  } else if (type_ == ShardType::kUnknown) {
    problem_ = name() + ": this driver does not know the sharding type " + quoted(type_name_);
  } else if (map.shards.empty()) {
    problem_ = name() + ": no shard is enabled";
  }
  for (const Shard& shard : map.shards) {
    if (problem_.empty()) add(shard);
  }
  if (problem_.empty()) sort_entries();
}

void ShardLookup::add(const Shard& shard) {
  Entry entry;
  entry.dumped = shard.lower_bound;
  entry.group = shard.group;
  entry.shard_id = shard.id;
  const std::string_view trouble = read_bound(shard.lower_bound, entry.bound);
  if (!trouble.empty()) {
    problem_ = name() + ": the lower bound " + quoted(shard.lower_bound) + " of shard " +
               std::to_string(shard.id) + " ";
    problem_ += trouble;
    return;
  }
  entries_.push_back(std::move(entry));
}

void ShardLookup::sort_entries() {
  std::stable_sort(entries_.begin(), entries_.end(),
                   [this](const Entry& a, const Entry& b) { return before(a.bound, b.bound); });
  const auto twin =
      std::adjacent_find(entries_.begin(), entries_.end(), [this](const Entry& a, const Entry& b) {
        return !before(a.bound, b.bound) && a.group != b.group;
      });
  if (twin == entries_.end()) return;
  problem_ = name() + ": shards " + std::to_string(twin->shard_id) + " and " +
             std::to_string(std::next(twin)->shard_id) + " have the same lower bound";
}

bool ShardLookup::before(const Value& a, const Value& b) const {
  if (type_ == ShardType::kRangeString) return compare_padded(a.text, b.text) < 0;
  if (type_ == ShardType::kHash) return a.text < b.text;
  return a.number < b.number;
}

std::string ShardLookup::name() const {
  return "shard mapping " + std::to_string(mapping_id_) + " (" + type_name_ + ")";
}

std::string_view ShardLookup::read_bound(const std::string& dumped, Value& bound) const {
  if (type_ == ShardType::kHash) {
    bound.text = base::upper(dumped);
    const bool hex = !dumped.empty() && std::all_of(bound.text.begin(), bound.text.end(), is_hex);
    return hex ? "" : "is not a hash in hexadecimal digits";
  }
  return read_key(dumped, bound);
}

std::string_view ShardLookup::read_key(const ShardKey& key, Value& wanted) const {
  switch (type_) {
    case ShardType::kRange:
    case ShardType::kRangeInteger: {
      const auto number = integer_of(key);
      if (!number) return "is not a whole number of 64 bits";
      wanted.number = *number;
      return {};
    }
    case ShardType::kRangeDatetime: {
      const auto seconds = seconds_of(key);
      if (!seconds) return "is not a date (YYYY-MM-DD) or date and time (YYYY-MM-DD HH:MM:SS)";
      wanted.number = *seconds;
      return {};
    }
    case ShardType::kRangeString:
      wanted.text = text_of(key);
      if (!beyond_bmp(wanted.text)) return {};
      return "has characters beyond U+FFFF, for which the node defines no order";
    case ShardType::kHash:
      wanted.text = md5_hex(text_of(key));
      return {};
    case ShardType::kUnknown:
      break;
  }
  return "cannot be read";
}

ShardAnswer ShardLookup::find(const ShardKey& key) const {
  if (!problem_.empty()) return nobody(problem_);
  Value wanted;
  const std::string_view trouble = read_key(key, wanted);
  const auto refusal = [&](std::string_view why) {
    return nobody(name() + ": the key " + quoted(text_of(key)) + " " + std::string(why));
  };
  if (!trouble.empty()) return refusal(trouble);
  auto above =
      std::upper_bound(entries_.begin(), entries_.end(), wanted,
                       [this](const Value& a, const Entry& b) { return before(a, b.bound); });
  if (above == entries_.begin()) {
    if (type_ != ShardType::kHash) {
      return refusal("lies below the lowest bound " + quoted(entries_.front().dumped));
    }
    above = entries_.end();  // ring: below the lowest belongs to the greatest
  }
  const Entry& owner = *std::prev(above);
  if (owner.group.empty()) {
    return refusal("lies in shard " + std::to_string(owner.shard_id) +
                   ", which is disabled: enable it (sharding.enable_shard), or state the group");
  }
  return {.group = owner.group, .shard_id = owner.shard_id, .error = {}};
}

}  // namespace fabric
