#include "tests/stress/chaos/farm.h"

#include <Poco/JSON/Parser.h>

#include <csignal>
#include <cstdio>
#include <fstream>

#include "tests/support/child_process.h"
#include "tests/support/source_tree.h"

namespace chaos {
namespace {

using fabric::base::Deadline;
using fabric::mysql::ServerConnection;
using test_support::FaultProxy;

constexpr std::chrono::seconds kAdminPatience(30);

Poco::JSON::Object::Ptr farm_json(const std::filesystem::path& directory) {
  Poco::JSON::Parser parser;
  return parser.parse(test_support::text_of_file(directory / "farm.json"))
      .extract<Poco::JSON::Object::Ptr>();
}

}  // namespace

const std::vector<std::string>& Farm::cluster() {
  static const std::vector<std::string> names{"g1a", "g1b", "g1c"};
  return names;
}

Farm::Farm(std::filesystem::path directory, std::filesystem::path scratch)
    : directory_(std::move(directory)), scratch_(std::move(scratch)) {
  const auto json = farm_json(directory_);
  const auto servers = json->getObject("servers");
  for (const std::string& name : servers->getNames()) {
    ports_[name] = servers->getObject(name)->getValue<std::uint16_t>("port");
    uuids_[name] = servers->getObject(name)->getValue<std::string>("uuid");
  }
  admin_ = json->getObject("account")->getValue<std::string>("admin");
  const bool alias = !json->get("alias").isEmpty();
  run_folder_ = (alias ? json->getValue<std::string>("alias") : directory_.string()) + "/run/";
  for (const auto& [name, port] : ports_) {
    if (name.starts_with("global")) continue;
    networks_[name] = std::make_unique<FaultProxy>(fabric::base::Endpoint{"127.0.0.1", port, {}});
  }
  write_topology();
}

void Farm::write_topology() const {
  std::ofstream file(scratch_ / "farm.ini");
  file << "[farm]\nttl = 1s\n";
  for (const char* group : {"g1", "shard1", "shard2"}) {
    file << "[group " << group << "]\n";
    for (const auto& [name, network] : networks_) {
      if (name.starts_with(group)) file << "server = " << network->endpoint().text() << "\n";
    }
  }
  file << "[mapping 1]\ntype = RANGE\ntable = shop.chaos_log n\nshard = shard1 from 0\n"
          "shard = shard2 from 1000000000\n";
}

std::string Farm::uuid(const std::string& server) const { return uuids_.at(server); }

pid_t Farm::pid(const std::string& server) const {
  const auto entry = farm_json(directory_)->getObject("servers")->getObject(server);
  if (entry->isNull("process")) throw std::runtime_error(server + " has no process");
  return entry->getObject("process")->getValue<pid_t>("pid");
}

std::string Farm::through_nodes() const {
  std::string text = "FABRIC_NODES=";
  for (const std::string& name : cluster()) {
    text += (name == cluster().front() ? "127.0.0.1:" : ",127.0.0.1:") +
            std::to_string(ports_.at(name));
  }
  return text + ";FABRIC_PROTOCOL=mysql;FABRIC_USER=fabric;FABRIC_PASSWORD=fabricpw;";
}

std::string Farm::through_proxies() const {
  return "FABRIC_NODES=file:" + (scratch_ / "farm.ini").string() + ";";
}

void Farm::command(const std::vector<std::string>& words) {
  constexpr int kAttempts = 5;
  std::vector<std::string> all{"/usr/bin/python3", test_support::source_file("packaging/farm/farm"),
                               words.front(), directory_.string()};
  all.insert(all.end(), words.begin() + 1, words.end());
  fabric::base::MutexLock lock(commands_);
  for (int left = kAttempts; left > 0; --left) {
    try {
      return test_support::run_process(all, {}, scratch_ / "farm.log");
    } catch (const test_support::EndedBySignal&) {
      throw;  // what a forked child inherits of the driver has harmed it
    } catch (const std::runtime_error&) {
      if (left == 1) throw;
      std::fprintf(stderr, "chaos: again: farm %s\n", words.back().c_str());
      // Galera 26.4 may read a recycled write set while it joins, and then joins for ever.
      if (words.front() == "start" && words.back().starts_with("g1"))
        kill(pid(words.back()), SIGKILL);
    }
  }
}

std::unique_ptr<ServerConnection> Farm::admin(const std::string& server) {
  fabric::mysql::ConnectOptions options;
  options.server.socket = run_folder_ + server + ".sock";
  options.credentials.user = admin_;
  return ServerConnection::open(options, watchdog_, Deadline::after(clock_, kAdminPatience));
}

std::vector<std::vector<std::string>> Farm::ask(const std::string& server, const std::string& sql) {
  const Deadline deadline = Deadline::after(clock_, kAdminPatience);
  const auto connection = admin(server);
  if (server.starts_with("g1")) connection->run("SET SESSION wsrep_sync_wait = 1", deadline);
  const auto reply = connection->query(sql, deadline);
  std::vector<std::vector<std::string>> rows;
  while (const fabric::mysql::Row* row = reply->fetch(deadline)) {
    auto& texts = rows.emplace_back();
    for (const fabric::mysql::Cell& cell : *row) {
      texts.emplace_back(
          cell.null() ? "NULL" : std::string(reinterpret_cast<const char*>(cell.data), cell.size));
    }
  }
  return rows;
}

void Farm::run(const std::string& server, const std::string& sql) {
  const Deadline deadline = Deadline::after(clock_, kAdminPatience);
  admin(server)->run(sql, deadline);
}

std::string Farm::primary() {
  for (const std::string& name : cluster()) {
    try {
      const auto rows = ask(name, "SELECT server_uuid FROM fabric.servers WHERE leads = 'g1'");
      for (const auto& [server, uuid] : uuids_) {
        if (!rows.empty() && rows[0][0] == uuid) return server;
      }
    } catch (const fabric::base::Error&) {  // another may know
    }
  }
  return {};
}

}  // namespace chaos
