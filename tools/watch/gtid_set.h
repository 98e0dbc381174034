// Sets of transactions, as MySQL and MariaDB name them. MariaDB writes positions: all of a domain
// up to a number; its gtid_binlog_state tells them apart by the server that wrote them, which is
// what shows that two histories have parted. A plain value.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tools::watch {

class GtidSet {
 public:
  GtidSet() = default;
  /// `uuid:1-5:7,uuid:3`. Each of these throws base::Error HY000 for another text.
  static GtidSet of_mysql(std::string_view text);
  /// `0-1-42,3-31-7`: the domains 0 and 3, whoever wrote there.
  static GtidSet of_mariadb_position(std::string_view text);
  /// The same text, but 0-1 and 0-2 are two sequences.
  static GtidSet of_mariadb_state(std::string_view text);

  void add(const GtidSet& other);
  [[nodiscard]] GtidSet without(const GtidSet& other) const;
  [[nodiscard]] bool contains(const GtidSet& other) const { return other.without(*this).empty(); }
  [[nodiscard]] bool empty() const { return parts_.empty(); }
  [[nodiscard]] std::uint64_t count() const;
  /// `3-31:8-9`, for people.
  [[nodiscard]] std::string text() const;

  friend bool operator==(const GtidSet&, const GtidSet&) = default;

 private:
  using Interval = std::pair<std::uint64_t, std::uint64_t>;  // both ends are in it
  void insert(const std::string& source, Interval added);

  std::map<std::string, std::vector<Interval>> parts_;  // in order, neither touching nor empty
};

}  // namespace tools::watch
