"""my.cnf of each server, and what mariadbd is told besides."""

from . import plan

# innodb_flush_log_at_trx_commit=2 and sync_binlog=0 hand every commit to the kernel and do not wait for the
# disk: what was acknowledged survives kill -9 of the server, which is what a farm on one machine is for, and
# eight servers do not queue for one disk. It would not survive a power cut.
COMMON = """\
[mariadbd]
basedir = /usr
lc_messages_dir = /usr/share/mysql
datadir = {home}/data
tmpdir = {home}/tmp
socket = {socket}
pid_file = {pid_file}
port = {port}
bind_address = 127.0.0.1
skip_name_resolve = ON
server_id = {server_id}
character_set_server = utf8mb4
max_connections = 300
max_allowed_packet = 64M
performance_schema = OFF
innodb_buffer_pool_size = 24M
innodb_log_file_size = 16M
innodb_log_buffer_size = 4M
innodb_use_native_aio = OFF
innodb_flush_log_at_trx_commit = 2
innodb_fast_shutdown = 1
innodb_buffer_pool_dump_at_shutdown = OFF
innodb_buffer_pool_load_at_startup = OFF
key_buffer_size = 1M
aria_pagecache_buffer_size = 8M
thread_cache_size = 32
log_bin_trust_function_creators = ON
"""

# A shard's secondary is read-only; its primary waits for it after the binlog write (AFTER_SYNC) as long as
# one is connected, and at most 10 s.
REPLICATED = """\
log_bin = bin
log_slave_updates = ON
binlog_format = ROW
sync_binlog = 0
gtid_domain_id = {domain}
gtid_strict_mode = ON
relay_log = relay
relay_log_recovery = ON
slave_net_timeout = 4
read_only = {read_only}
rpl_semi_sync_master_enabled = {semi_source}
rpl_semi_sync_master_wait_point = AFTER_SYNC
rpl_semi_sync_master_wait_no_slave = OFF
rpl_semi_sync_master_timeout = 10000
rpl_semi_sync_slave_enabled = {semi_replica}
"""

# The evs.* times let the cluster vote a dead node out in about half a second; keepalive_period is at its
# minimum. pc.recovery is off because `farm up` itself decides which node begins anew after all have died.
GALERA = """\
wsrep_on = ON
wsrep_provider = /usr/lib/galera/libgalera_smm.so
wsrep_cluster_name = {cluster_name}
wsrep_cluster_address = gcomm://{cluster}
wsrep_node_name = {name}
wsrep_node_address = 127.0.0.1:{group_port}
wsrep_node_incoming_address = 127.0.0.1:{port}
wsrep_sst_method = rsync
wsrep_sst_receive_address = 127.0.0.1:{sst_port}
wsrep_slave_threads = 2
wsrep_provider_options = "{provider}"
binlog_format = ROW
default_storage_engine = InnoDB
innodb_autoinc_lock_mode = 2
innodb_lock_wait_timeout = 5
"""

PROVIDER = {
    "evs.keepalive_period": "PT0.1S",
    "evs.suspect_timeout": "PT0.4S",
    "evs.inactive_timeout": "PT1S",
    "evs.inactive_check_period": "PT0.1S",
    "evs.join_retrans_period": "PT0.1S",
    "gcache.size": "32M",
    "gcache.page_size": "32M",
    "pc.recovery": "FALSE",
}


def render(farm, one):
    """The text of a server's my.cnf."""
    values = {"home": farm.server_dir(one.name), "socket": farm.socket(one.name), "port": farm.port(one.name),
              "pid_file": farm.socket(one.name).removesuffix(".sock") + ".pid", "server_id": one.server_id}
    text = COMMON.format(**values)
    return text + (_galera(farm, one) if one.galera else _replicated(one))


def _replicated(one):
    def switch(wanted):
        return "ON" if wanted else "OFF"

    pair = len(plan.members(one.group)) > 1
    return REPLICATED.format(domain=plan.GTID_DOMAINS[one.group], read_only=switch(not one.primary),
                             semi_source=switch(pair and one.primary), semi_replica=switch(pair and not one.primary))


def _galera(farm, one):
    ports = farm.galera_ports(one.name)
    provider = {**PROVIDER, "base_port": ports["group"], "gmcast.listen_addr": f"tcp://127.0.0.1:{ports['group']}",
                "ist.recv_addr": f"127.0.0.1:{ports['ist']}"}
    cluster = ",".join(f"127.0.0.1:{farm.galera_ports(other.name)['group']}" for other in plan.members(one.group))
    title = f"farm-{farm.port(plan.members(one.group)[0].name)}"
    return GALERA.format(name=one.name, cluster_name=title, port=farm.port(one.name), cluster=cluster, group_port=ports["group"],
                         sst_port=ports["sst"], provider=";".join(f"{key}={value}" for key, value in provider.items()))


def all_ports(farm, one):
    """Every port the server will listen on, with the word for it."""
    ports = {"clients": farm.port(one.name)}
    if one.galera:
        names = {"group": "Galera's group", "ist": "Galera's IST", "sst": "Galera's SST"}
        ports.update({names[key]: port for key, port in farm.galera_ports(one.name).items()})
    return ports
