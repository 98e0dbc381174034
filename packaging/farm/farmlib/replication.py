"""GTID replication: global -> shard primaries -> their semi-synchronous secondaries."""

import secrets

from . import plan, server
from .report import FarmError

CAUGHT_UP = 30  # seconds a replica may take to apply what its source has
ANSWER = 10  # seconds a server may take to answer


def configure(farm):
    """Names each replica its source, once; positions are empty since all datadirs began equal."""
    password = secrets.token_hex(16)
    user = (f"SET SESSION sql_log_bin = 0; CREATE OR REPLACE USER 'replica'@'127.0.0.1' IDENTIFIED BY '{password}';"
            " GRANT REPLICATION SLAVE ON *.* TO 'replica'@'127.0.0.1';")
    for name in sorted(set(plan.SOURCES.values())):
        server.query(farm, plan.server(name), user)
    for replica, source in plan.SOURCES.items():
        server.query(farm, plan.server(replica),
                     "STOP SLAVE; CHANGE MASTER TO MASTER_HOST = '127.0.0.1',"
                     f" MASTER_PORT = {farm.port(source)}, MASTER_USER = 'replica', MASTER_PASSWORD = '{password}',"
                     " MASTER_USE_GTID = slave_pos, MASTER_CONNECT_RETRY = 1, MASTER_HEARTBEAT_PERIOD = 1;"
                     " START SLAVE;")


def resume(farm, one):
    """Starts a replica's threads again where they stand still; MariaDB does so by itself after a restart."""
    if one.name in plan.SOURCES and not running(slave_status(farm, one)):
        server.again_if_cut(farm, one, lambda timeout: server.query(farm, one, "START SLAVE", timeout), ANSWER)


def slave_status(farm, one):
    """SHOW SLAVE STATUS as a dict; empty for a server that replicates from nobody."""
    rows = server.again_if_cut(farm, one, lambda timeout: server.records(farm, one, "SHOW SLAVE STATUS", timeout), ANSWER)
    return rows[0] if rows else {}


def running(status):
    return status.get("Slave_IO_Running") == status.get("Slave_SQL_Running") == "Yes"


def wait_caught_up(farm, waits, replica):
    """Returns when `replica` has applied all that its source has now. Raises after 30 s, with the reason."""
    one, source = plan.server(replica), plan.server(plan.SOURCES[replica])
    if server.state(farm, source) != "running":
        return
    position = _value(farm, source, "SELECT @@gtid_binlog_pos")
    with waits.waiting(f"{replica} to apply what {source.name} has"):
        done = server.again_if_cut(farm, one, lambda left: server.query(
            farm, one, f"SELECT MASTER_GTID_WAIT('{position}', {left:.3f})", timeout=left + 5), CAUGHT_UP)
    if done != [["0"]]:
        status = slave_status(farm, one)
        why = status.get("Last_SQL_Error") or status.get("Last_IO_Error") or "no error is recorded"
        raise FarmError(f"{replica} does not follow {source.name} after {CAUGHT_UP} s: {why}.")


def wait_semi_sync(farm, waits, replica):
    """Returns when the source waits for `replica`'s acknowledgement; at once if a promotion has parted them."""
    source = plan.server(plan.SOURCES[replica])
    if plan.server(replica).group != source.group or server.state(farm, source) != "running":
        return
    if slave_status(farm, plan.server(replica)).get("Master_Port") != str(farm.port(source.name)):
        return
    with waits.waiting(f"{source.name} to be semi-synchronous"):
        server.wait_until(farm, source, lambda: _value(
            farm, source, "SELECT VARIABLE_VALUE FROM information_schema.GLOBAL_STATUS"
            " WHERE VARIABLE_NAME = 'RPL_SEMI_SYNC_MASTER_STATUS'") == "ON")


def _value(farm, one, text):
    return server.again_if_cut(farm, one, lambda timeout: server.query(farm, one, text, timeout), ANSWER)[0][0]
