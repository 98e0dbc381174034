#include "fabric/topology_file.h"

#include <algorithm>
#include <charconv>
#include <limits>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "fabric/base/ascii.h"
#include "fabric/base/error.h"
#include "fabric/md5.h"
#include "fabric/rpc_tables.h"
#include "fabric/shard_lookup.h"

namespace fabric {

namespace {

constexpr std::string_view kBlanks = " \t\r";

std::string_view trimmed(std::string_view text) {
  const std::size_t start = text.find_first_not_of(kBlanks);
  if (start == std::string_view::npos) return {};
  return text.substr(start, text.find_last_not_of(kBlanks) + 1 - start);
}

/// The first word of `text`, which is then what follows it.
std::string_view take_word(std::string_view& text) {
  text = trimmed(text);
  const std::string_view word = text.substr(0, text.find_first_of(kBlanks));
  text = trimmed(text.substr(word.size()));
  return word;
}

template <class Number>
std::optional<Number> number_in(std::string_view text, Number low, Number high) {
  Number value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return {};
  if (!(value >= low && value <= high)) return {};
  return value;
}

std::string quoted(std::string_view text) {
  std::string shown(text.substr(0, 60));
  for (char& c : shown) {
    if (static_cast<unsigned char>(c) < 0x20) c = ' ';
  }
  return "'" + shown + "'";
}

class Parser {
 public:
  explicit Parser(const std::string& path) : path_(path) {}

  TopologyFile parse(std::string_view text) {
    if (text.size() > kLongestTopologyFile) refuse("the file is longer than 1 MiB");
    if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
    while (!text.empty()) {
      ++line_;
      const std::string_view line = text.substr(0, text.find('\n'));
      text.remove_prefix(std::min(text.size(), line.size() + 1));
      read_line(trimmed(line));
    }
    line_ = 0;
    if (file_.groups.empty()) refuse("it names no server: add [group NAME] and server = HOST");
    for (const FileGroup& group : file_.groups) check_group(group);
    for (const ShardMap& map : file_.shard_maps) check_mapping(map);
    return std::move(file_);
  }

 private:
  enum class Section : std::uint8_t { kNone, kFarm, kGroup, kMapping };

  [[noreturn]] void refuse(const std::string& sentence, std::size_t line = 0) const {
    const std::size_t where = line != 0 ? line : line_;
    throw base::Error(
        base::SqlState::k08001,
        path_ + ":" + (where == 0 ? "" : std::to_string(where) + ":") + " " + sentence);
  }

  void read_line(std::string_view line) {
    if (line.empty() || line.front() == '#' || line.front() == ';') return;
    if (line.front() == '[') return open_section(line);
    const std::size_t sign = line.find('=');
    if (sign == std::string_view::npos) {
      refuse("this line is neither [section] nor key = value");
    }
    const std::string key = base::lower(trimmed(line.substr(0, sign)));
    const std::string_view value = trimmed(line.substr(sign + 1));
    if (value.empty()) refuse(quoted(key) + " has no value");
    switch (section_) {
      case Section::kNone:
        refuse("put this below [farm], [group NAME] or [mapping NUMBER]");
      case Section::kFarm:
        return read_farm(key, value);
      case Section::kGroup:
        return read_group(key, value);
      case Section::kMapping:
        return read_mapping(key, value);
    }
  }

  void open_section(std::string_view line) {
    if (line.back() != ']') refuse("the bracket '[' is not closed: use [group NAME]");
    std::string_view name = line.substr(1, line.size() - 2);
    const std::string kind = base::lower(take_word(name));
    if (kind == "farm" && name.empty()) {
      section_ = Section::kFarm;
    } else if (kind == "group" && !name.empty()) {
      section_ = Section::kGroup;
      first_seen(group_lines_, std::string(name), "[group " + std::string(name) + "]");
      file_.groups.push_back({.name = std::string(name), .servers = {}});
    } else if (kind == "mapping" && !name.empty()) {
      open_mapping(name);
    } else {
      refuse(quoted(line) + " is not known: use [farm], [group NAME] or [mapping NUMBER]");
    }
  }

  void open_mapping(std::string_view name) {
    const auto id = number_in(name, 0, std::numeric_limits<int>::max());
    if (!id) refuse(quoted(name) + " is no number: use [mapping 1]");
    section_ = Section::kMapping;
    first_seen(mapping_lines_, *id, "[mapping " + std::string(name) + "]");
    file_.shard_maps.emplace_back().mapping_id = *id;
  }

  template <class Key>
  void first_seen(std::map<Key, std::size_t>& lines, const Key& key, const std::string& what) {
    const auto [place, fresh] = lines.emplace(key, line_);
    if (fresh) return;
    refuse(what + " is in line " + std::to_string(place->second) + " already: drop one of them");
  }

  void read_farm(const std::string& key, std::string_view value) {
    if (key != "ttl") refuse(quoted(key) + " is not known in [farm]: use ttl");
    const bool small = value.ends_with("ms");
    const std::string_view digits =
        small ? value.substr(0, value.size() - 2)
              : (value.ends_with('s') ? value.substr(0, value.size() - 1) : value);
    const auto count = number_in(trimmed(digits), 1, 3600000);
    if (!count) refuse(quoted(value) + " is no time: use ttl = 2s or ttl = 500ms");
    file_.ttl = small ? base::Duration(std::chrono::milliseconds(*count))
                      : base::Duration(std::chrono::seconds(std::min(*count, 3600)));
  }

  void read_group(const std::string& key, std::string_view value) {
    if (key != "server") refuse(quoted(key) + " is not known in a group: use server");
    FileServer server;
    server.endpoint = read_endpoint(take_word(value));
    first_seen(server_lines_, server.endpoint.text(), "server " + server.endpoint.text());
    while (!value.empty()) read_server_word(take_word(value), server);
    file_.groups.back().servers.push_back(std::move(server));
  }

  base::Endpoint read_endpoint(std::string_view text) {
    base::Endpoint endpoint;
    if (text.starts_with('/')) {
      endpoint.socket = text;
      return endpoint;
    }
    const std::size_t close = text.starts_with('[') ? text.find(']') : 0;
    if (close == std::string_view::npos)
      refuse("the bracket '[' is not closed: use [address]:port");
    const std::size_t colon = text.find(':', close);
    endpoint.host = text.substr(0, colon);
    if (close > 0) endpoint.host = text.substr(1, close - 1);
    if (colon != std::string_view::npos) {
      const auto number = number_in<std::uint16_t>(text.substr(colon + 1), 1, 65535);
      if (!number)
        refuse(quoted(text) + " is no address: use HOST:PORT, or [ADDRESS]:PORT for IPv6");
      endpoint.port = *number;
    }
    if (endpoint.host.empty()) refuse(quoted(text) + " names no host: use HOST:PORT");
    return endpoint;
  }

  void read_server_word(std::string_view word, FileServer& server) {
    constexpr std::string_view kWeight = "weight=";
    if (word.starts_with(kWeight)) {
      const auto weight = number_in(word.substr(kWeight.size()), 0.0, 1e9);
      if (!weight) refuse(quoted(word) + " is no weight: use weight=2.5");
      server.weight = *weight;
    } else if (word == "secondary") {
      server.part = FileServer::Part::kSecondary;
    } else if (word == "spare") {
      server.part = FileServer::Part::kSpare;
    } else {
      refuse(quoted(word) + " is not known after a server: use weight=NUMBER, secondary or spare");
    }
  }

  void read_mapping(const std::string& key, std::string_view value) {
    ShardMap& map = file_.shard_maps.back();
    if (key == "type") {
      map.type_name = base::upper(value);
      map.type = shard_type_of(map.type_name);
      if (map.type == ShardType::kUnknown) {
        refuse(quoted(value) +
               " is no type: use RANGE, RANGE_INTEGER, RANGE_STRING, "
               "RANGE_DATETIME or HASH");
      }
    } else if (key == "global") {
      map.global_group = value;
    } else if (key == "table") {
      read_table(value, map);
    } else if (key == "shard") {
      read_shard(value, map);
    } else {
      refuse(quoted(key) + " is not known in a mapping: use type, global, table or shard");
    }
  }

  void read_table(std::string_view value, ShardMap& map) {
    const std::string_view name = take_word(value);
    const std::size_t dot = name.find('.');
    const bool one_column = !value.empty() && value.find_first_of(kBlanks) == value.npos;
    if (dot == 0 || dot == name.npos || dot + 1 == name.size() || !one_column) {
      refuse("use table = SCHEMA.TABLE COLUMN");
    }
    first_seen(table_lines_, std::string(name), "table " + std::string(name));
    map.tables.push_back({.schema = std::string(name.substr(0, dot)),
                          .table = std::string(name.substr(dot + 1)),
                          .column = std::string(value)});
  }

  void read_shard(std::string_view value, ShardMap& map) {
    if (map.type == ShardType::kUnknown) refuse("say type = ... before the shards");
    Shard shard;
    shard.group = take_word(value);
    shard.id = ++shards_;
    if (value.empty() && map.type == ShardType::kHash) {
      shard.lower_bound = md5_hex(shard.group);  // as a node gives its shards
    } else {
      if (take_word(value) != "from" || value.empty()) refuse("use shard = GROUP from LOWER_BOUND");
      if (value.size() > 1 && value.front() == '"' && value.back() == '"') {
        value = value.substr(1, value.size() - 2);
      }
      shard.lower_bound = value;
    }
    ShardMap alone;  // its lookup tells of a bound that cannot be read
    alone.mapping_id = map.mapping_id;
    alone.type = map.type;
    alone.type_name = map.type_name;
    alone.shards.push_back(shard);
    const ShardLookup lookup(alone);
    if (!lookup.problem().empty()) refuse(lookup.problem());
    shard_lines_[shard.id] = line_;
    map.shards.push_back(std::move(shard));
  }

  void check_group(const FileGroup& group) const {
    if (!group.servers.empty()) return;
    refuse("[group " + group.name + "] has no server: add server = HOST",
           group_lines_.at(group.name));
  }

  void check_mapping(const ShardMap& map) const {
    const std::size_t line = mapping_lines_.at(map.mapping_id);
    if (map.type == ShardType::kUnknown) refuse("the mapping has no type: add type = RANGE", line);
    if (map.tables.empty())
      refuse("the mapping has no table: add table = SCHEMA.TABLE COLUMN", line);
    if (map.shards.empty()) refuse("the mapping has no shard: add shard = GROUP from 1", line);
    if (!map.global_group.empty()) check_known(map.global_group, line);
    for (const Shard& shard : map.shards) check_known(shard.group, shard_lines_.at(shard.id));
    if (!ShardLookup(map).problem().empty()) refuse_twin(map);
  }

  /// At the first shard with which those up to it are not sound any more, as it has an earlier
  /// one's bound.
  [[noreturn]] void refuse_twin(ShardMap map) const {
    const std::vector<Shard> all = std::move(map.shards);
    const auto problem_of = [&](std::size_t count) {
      map.shards.assign(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(count));
      return ShardLookup(map).problem();
    };
    std::size_t sound = 0;
    std::size_t unsound = all.size();
    while (unsound - sound > 1) {
      const std::size_t middle = sound + (unsound - sound) / 2;
      (problem_of(middle).empty() ? sound : unsound) = middle;
    }
    refuse(problem_of(unsound), shard_lines_.at(all[unsound - 1].id));
  }

  void check_known(const std::string& group, std::size_t line) const {
    if (group_lines_.contains(group)) return;
    refuse("there is no group " + quoted(group) + ": add [group " + group + "], or name another",
           line);
  }

  const std::string& path_;
  TopologyFile file_;
  Section section_ = Section::kNone;
  std::size_t line_ = 0;
  int shards_ = 0;
  std::map<std::string, std::size_t> group_lines_, server_lines_, table_lines_;
  std::map<int, std::size_t> mapping_lines_, shard_lines_;
};

}  // namespace

TopologyFile parse_topology_file(std::string_view text, const std::string& path) {
  return Parser(path).parse(text);
}

}  // namespace fabric
