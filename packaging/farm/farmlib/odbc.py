"""A private unixODBC configuration of the farm, under DIR/odbc."""

import os
import pathlib
import shlex

from . import plan

REPOSITORY = pathlib.Path(__file__).resolve().parents[3]
DRIVER = "MySQL Fabric ODBC"
BUILT = ("build/release/driver/libfabricodbc.so", "build/dev/driver/libfabricodbc.so")


def choose_driver(farm, given):
    """The driver's path: what is asked for, else the environment's, else what this farm had, else what is built."""
    wanted = given or os.environ.get("FABRIC_ODBC_DRIVER") or farm.data["driver"]
    if wanted:
        wanted = str(pathlib.Path(wanted).absolute())
        farm.data["driver"] = wanted
        return wanted
    built = [REPOSITORY / path for path in BUILT if (REPOSITORY / path).exists()]
    return str(built[0] if built else REPOSITORY / BUILT[0])


def write(farm, driver):
    """odbcinst.ini and odbc.ini; atomically, since programs may read them at any time."""
    _replace(farm, "odbcinst.ini", {DRIVER: {
        "Description": "ODBC driver for farms of MySQL and MariaDB servers", "Driver": driver, "Threading": "0"}})
    nodes = ",".join(farm.address(one.name) for one in plan.members(plan.GALERA_GROUP))
    account = {"UID": plan.APP_USER, "PWD": plan.APP_PASSWORD}
    fabric = {"Driver": DRIVER, "FABRIC_NODES": nodes, "FABRIC_PROTOCOL": "mysql", "FABRIC_USER": plan.NODE_USER,
              "FABRIC_PASSWORD": plan.NODE_PASSWORD, **account}
    group = {**fabric, "FABRIC_GROUP": plan.GALERA_GROUP, "DATABASE": "demo"}
    _replace(farm, "odbc.ini", {
        "fabric_rw": {"Description": "the primary of g1", **group, "FABRIC_MODE": "RW"},
        "fabric_ro": {"Description": "a secondary of g1, by weight", **group, "FABRIC_MODE": "RO"},
        "fabric_shards": {"Description": "sharded tables, no group", **fabric, "DATABASE": "shop"},
        "fabric_watch": {"Description": "for fabricctl watch", "Driver": DRIVER, "FABRIC_NODES": nodes,
                         "FABRIC_PROTOCOL": "mysql", "UID": plan.WATCH_USER, "PWD": plan.WATCH_PASSWORD},
        "plain": {"Description": "global1 alone, no Fabric", "Driver": DRIVER, "SERVER": "127.0.0.1",
                  "PORT": str(farm.port("global1")), **account, "DATABASE": "demo"}})


def _replace(farm, name, sections):
    path = farm.directory / "odbc" / name
    text = "\n".join(f"[{section}]\n" + "".join(f"{key} = {value}\n" for key, value in entries.items())
                     for section, entries in sections.items())
    fresh = path.with_suffix(".new")
    fresh.write_text(text, encoding="utf-8", errors="surrogateescape")  # a path is bytes
    os.chmod(fresh, 0o644)
    os.replace(fresh, path)


def exports(farm):
    """Lines for a shell's eval."""
    folder = farm.directory / "odbc"
    values = {"ODBCSYSINI": folder, "ODBCINI": folder / "odbc.ini", "FABRIC_FARM": farm.directory}
    return "\n".join(f"export {name}={shlex.quote(str(value))}" for name, value in values.items())
