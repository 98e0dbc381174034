#include "tools/watch/gtid_set.h"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <functional>

#include "fabric/base/error.h"

namespace tools::watch {
namespace {

[[noreturn]] void refuse(std::string_view text) {
  throw fabric::base::Error(fabric::base::SqlState::kHY000,
                            "Not a set of GTIDs: '" + std::string(text.substr(0, 100)) + "'");
}

std::uint64_t number(std::string_view text) {
  std::uint64_t value = 0;
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || parsed.ec != std::errc() || parsed.ptr != text.data() + text.size()) {
    refuse(text);
  }
  return value;
}

void for_each_part(std::string_view text, char separator,
                   const std::function<void(std::string_view)>& use) {
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(separator), text.size());
    if (end > 0) use(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
}

std::string without_blanks(std::string_view text) {
  std::string plain;
  for (const char c : text) {
    if (std::isspace(static_cast<unsigned char>(c)) == 0) plain += c;
  }
  return plain;
}

std::string lower(std::string_view text) {
  std::string result(text);
  std::transform(result.begin(), result.end(), result.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return result;
}

}  // namespace

void GtidSet::insert(const std::string& source, Interval added) {
  std::vector<Interval> merged;
  for (const Interval& one : parts_[source]) {
    const bool apart = one.second + 1 < added.first || added.second + 1 < one.first;
    if (apart) {
      merged.push_back(one);
    } else {
      added = {std::min(one.first, added.first), std::max(one.second, added.second)};
    }
  }
  merged.insert(std::upper_bound(merged.begin(), merged.end(), added), added);
  parts_[source] = std::move(merged);
}

GtidSet GtidSet::of_mysql(std::string_view text) {
  GtidSet set;
  for_each_part(without_blanks(text), ',', [&set, text](std::string_view part) {
    const std::size_t colon = part.find(':');
    if (colon == std::string_view::npos || colon == 0) refuse(text);
    const std::string uuid = lower(part.substr(0, colon));
    for_each_part(part.substr(colon + 1), ':', [&](std::string_view interval) {
      const std::size_t dash = interval.find('-');
      const std::uint64_t first = number(interval.substr(0, dash));
      const std::uint64_t last =
          dash == std::string_view::npos ? first : number(interval.substr(dash + 1));
      if (first == 0 || last < first) refuse(text);
      set.insert(uuid, {first, last});
    });
  });
  return set;
}

GtidSet GtidSet::of_mariadb_position(std::string_view text) {
  GtidSet set;
  for_each_part(without_blanks(text), ',', [&set, text](std::string_view gtid) {
    const std::size_t first = gtid.find('-');
    const std::size_t last = gtid.rfind('-');
    if (first == last) refuse(text);
    const std::uint64_t sequence = number(gtid.substr(last + 1));
    if (sequence > 0) set.insert(std::string(gtid.substr(0, first)), {1, sequence});
  });
  return set;
}

GtidSet GtidSet::of_mariadb_state(std::string_view text) {
  GtidSet set;
  for_each_part(without_blanks(text), ',', [&set, text](std::string_view gtid) {
    const std::size_t last = gtid.rfind('-');
    if (gtid.find('-') == last) refuse(text);
    const std::uint64_t sequence = number(gtid.substr(last + 1));
    if (sequence > 0) set.insert(std::string(gtid.substr(0, last)), {1, sequence});
  });
  return set;
}

void GtidSet::add(const GtidSet& other) {
  for (const auto& [source, intervals] : other.parts_) {
    for (const Interval& interval : intervals) insert(source, interval);
  }
}

GtidSet GtidSet::without(const GtidSet& other) const {
  GtidSet left;
  for (const auto& [source, intervals] : parts_) {
    std::vector<Interval> rest = intervals;
    const auto found = other.parts_.find(source);
    if (found != other.parts_.end()) {
      for (const Interval& cut : found->second) {
        std::vector<Interval> next;
        for (const Interval& one : rest) {
          if (one.first < cut.first)
            next.emplace_back(one.first, std::min(one.second, cut.first - 1));
          if (one.second > cut.second)
            next.emplace_back(std::max(one.first, cut.second + 1), one.second);
        }
        rest = std::move(next);
      }
    }
    if (!rest.empty()) left.parts_[source] = std::move(rest);
  }
  return left;
}

std::uint64_t GtidSet::count() const {
  std::uint64_t count = 0;
  for (const auto& [source, intervals] : parts_) {
    for (const Interval& one : intervals) count += one.second - one.first + 1;
  }
  return count;
}

std::string GtidSet::text() const {
  std::string text;
  for (const auto& [source, intervals] : parts_) {
    if (!text.empty()) text += ',';
    text += source;
    for (const Interval& one : intervals) {
      text.append(1, ':').append(std::to_string(one.first));
      if (one.second != one.first) text.append(1, '-').append(std::to_string(one.second));
    }
  }
  return text;
}

}  // namespace tools::watch
