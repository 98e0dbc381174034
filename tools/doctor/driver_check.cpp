// The driver that the data source names: its entry in odbcinst.ini, its file, what that needs.
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>

#include "driver/settings/connection_string.h"
#include "driver/settings/farm_options.h"
#include "fabric/rpc_source.h"
#include "tools/doctor/checks.h"
#include "tools/doctor/elf_file.h"
#include "tools/doctor/examination.h"

namespace tools::doctor {
namespace {

constexpr const char* kOurName = "MySQL Fabric ODBC";
constexpr std::array kOurFiles{"libfabricodbc.so", "libfabricodbca.so"};  // unixODBC's, iODBC's
constexpr const char* kXmlRpcFile = "libfabricodbc_xmlrpc.so";

/// DRIVER= of a connection string, or the data source's entry; nothing where nodes were given.
std::string wanted_driver(const Examination& examination) {
  if (!examination.dsn.empty()) {
    const IniEntry* entry = examination.section.find("Driver");
    return entry == nullptr ? "" : entry->value;
  }
  const std::string& where = examination.question.farm.where;
  if (where.find('=') == std::string::npos) return {};
  for (const driver::settings::GivenPair& pair : driver::settings::parse_connection_string(where)) {
    if (driver::settings::normalized_keyword(pair.keyword) == "DRIVER") return pair.value;
  }
  return {};
}

Fix registration() { return shell_fix("sudo odbcinst -i -d -f " + installed_file("odbcinst.ini")); }

/// The data source names what is not there: the driver by its name, once that is registered.
Fix naming(const Examination& examination, const IniFile& drivers) {
  if (drivers.find(kOurName) == nullptr) return registration();
  return examination.ini_fix(std::string("Driver = ") + kOurName);
}

void say_unregistered(Examination& examination, const IniFile& drivers, const std::string& name) {
  std::vector<std::string> names;
  for (const IniSection& section : drivers.sections) names.push_back(section.name);
  const std::string nearest = nearest_name(name, names);
  std::string text = "is not in " + drivers.path;
  if (!drivers.exists) text += ", which does not exist";
  if (drivers.exists && !drivers.problem.empty()) text += ", which cannot be read";
  if (!names.empty()) text += ", which has " + joined(names);
  examination.report.error(
      "driver " + name, text,
      nearest.empty() ? naming(examination, drivers) : examination.ini_fix("Driver = " + nearest));
}

/// Of the entry in odbcinst.ini; empty when there is none.
std::string registered_path(Examination& examination, const std::string& name) {
  const IniFile drivers = read_ini(examination.places.drivers);
  const IniSection* section = drivers.find(name);
  if (section == nullptr) {
    say_unregistered(examination, drivers, name);
    return {};
  }
  const IniEntry* path = section->find("Driver64");
  if (path == nullptr || path->value.empty()) path = section->find("Driver");
  const std::string subject = "driver " + name;
  if (path == nullptr || path->value.empty()) {
    examination.report.error(subject, "its section in " + drivers.path + " names no Driver file",
                             registration());
    return {};
  }
  examination.report.ok(subject, "is in " + drivers.path + ": " + path->value);
  const IniEntry* threading = section->find("Threading");
  if (threading == nullptr || threading->value != "0") {
    examination.report.warning(
        subject,
        (threading == nullptr ? "has no Threading in "
                              : "has Threading = " + threading->value + " in ") +
            drivers.path + ": the driver manager lets one thread in at a time",
        {.where = "in the section [" + section->name + "] of " + drivers.path,
         .lines = "Threading = 0"});
  }
  return path->value;
}

/// False: the loader need not be asked. `another` is the fix where this file cannot be the driver.
bool check_file(Examination& examination, const std::string& path, const Fix& another) {
  Report& report = examination.report;
  if (access(path.c_str(), F_OK) != 0) {
    report.error(path, "does not exist: the driver is not installed there", another);
    return false;
  }
  if (access(path.c_str(), R_OK) != 0) {
    const int reason = errno;
    report.error(path, std::string("cannot be read: ") + std::strerror(reason),
                 shell_fix("sudo chmod 644 " + shell_quoted(path)));
    return false;
  }
  const std::optional<ElfKind> kind = elf_kind(path);
  if (!kind || !kind->shared) {
    report.error(path, "is no shared library", another);
    return false;
  }
  if (*kind != own_kind()) {
    report.error(
        path,
        "is for a " + kind_name(*kind) + " machine, but programs here are " + kind_name(own_kind()),
        {.where = "install the package of fabric-odbc that is for this machine; in a shell",
         .lines = "dpkg --print-architecture"});
    return false;
  }
  return true;
}

Fix packages_fix(const std::vector<std::string>& libraries) {
  std::string packages;
  for (const std::string& library : libraries) {
    const std::string package = package_of(library);
    if (package.empty()) {
      return {.where = "find the package that has it, in a shell",
              .lines = "sudo apt-get install apt-file && sudo apt-file update && apt-file search " +
                       library};
    }
    if (packages.find(" " + package) == std::string::npos) packages += " " + package;
  }
  return shell_fix("sudo apt-get install" + packages);
}

void check_loading(Examination& examination, const std::string& path) {
  const Progress::Step step(examination.progress, "looking for the libraries of " + path);
  const LoaderWords words = ask_loader(path);
  for (const std::string& problem : words.problems) {
    examination.report.error(
        path, "cannot be loaded: " + problem,
        {.where = "install the package of fabric-odbc that is for this release "
                  "of the system"});
  }
  if (!words.missing.empty()) {
    examination.report.error(path,
                             "cannot be loaded: it needs " + joined(words.missing) +
                                 ", which this machine does not have",
                             packages_fix(words.missing));
  }
  if (!words.asked) {
    examination.report.note(path, "is " + kind_name(own_kind()) +
                                      "; whether its libraries are here could not be asked of this "
                                      "machine's loader (ldd " +
                                      path + " may tell)");
  } else if (words.problems.empty() && words.missing.empty()) {
    examination.report.ok(path, "is " + kind_name(own_kind()) + ", and all its libraries are here");
  }
}

bool is_ours(const std::string& path) {
  const std::string name = std::filesystem::path(path).filename();
  return std::ranges::any_of(kOurFiles,
                             [&](const char* file) { return name.find(file) != name.npos; });
}

bool asks_over_xmlrpc(const Examination& examination) {
  if (!examination.settings || examination.settings->fabric.nodes.empty()) return false;
  const fabric::RpcOptions options = driver::settings::rpc_options(*examination.settings);
  return std::ranges::any_of(options.nodes, [&](const fabric::base::Endpoint& node) {
    return protocol_of(node, options) == fabric::RpcProtocol::kXmlRpc;
  });
}

}  // namespace

void check_driver(Examination& examination) {
  const std::string wanted = wanted_driver(examination);
  if (wanted.empty()) {
    if (examination.dsn.empty()) return;
    examination.report.error("DSN " + examination.section.name, "names no driver",
                             examination.ini_fix(std::string("Driver = ") + kOurName));
    return;
  }
  const bool by_file = wanted.starts_with('/');
  const std::string path = by_file ? wanted : registered_path(examination, wanted);
  if (path.empty()) return;
  const Fix another =
      by_file ? naming(examination, read_ini(examination.places.drivers)) : registration();
  if (!check_file(examination, path, another)) return;
  check_loading(examination, path);
  if (!is_ours(path)) {
    examination.report.warning(path,
                               "is not this driver, which knows what the checks below are about",
                               examination.ini_fix(std::string("Driver = ") + kOurName));
    return;
  }
  examination.driver_path = std::filesystem::canonical(path);
}

void check_xmlrpc_library(Examination& examination) {
  if (examination.driver_path.empty()) return;
  const std::string path =
      std::filesystem::path(examination.driver_path).replace_filename(kXmlRpcFile);
  if (access(path.c_str(), R_OK) == 0) return check_loading(examination, path);
  const std::string text =
      "is not there, or cannot be read: the driver can ask no node over XML-RPC";
  const Fix fix{.where =
                    "install the package of fabric-odbc again, which has it beside the driver"};
  if (asks_over_xmlrpc(examination)) return examination.report.error(path, text, fix);
  examination.report.warning(path, text, fix);
}

}  // namespace tools::doctor
