-- A Fabric node in SQL: schema `group`, administration of groups. The name is a reserved
-- word: CALL `group`.`create`(...). Arguments and columns as Fabric's; set_kind is ours.

SET NAMES utf8mb4 COLLATE utf8mb4_general_ci;
SET sql_mode = 'STRICT_TRANS_TABLES,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION';

DELIMITER $$

CREATE OR REPLACE DEFINER = fabric_node@localhost PROCEDURE `group`.`create`(
  group_id TEXT, description TEXT, synchronous TEXT)
MODIFIES SQL DATA
BEGIN
  DECLARE name VARCHAR(64);
  DECLARE wait BOOLEAN;
  DECLARE EXIT HANDLER FOR SQLSTATE '45FAB' CALL fabric.refuse();
  DECLARE EXIT HANDLER FOR SQLEXCEPTION BEGIN ROLLBACK; RESIGNAL; END;
  CALL fabric.begin();
  SET wait = fabric.flag(synchronous, TRUE, 'synchronous');
  IF COALESCE(TRIM(group_id), '') NOT REGEXP '^[^,%/"\\\\[:cntrl:]]{1,64}$' THEN
    CALL fabric.fail(CONCAT('GroupError: Not a group name: (', LEFT(COALESCE(group_id, 'NULL'), 100),
      '); use 1 to 64 characters without , % / " and \\.'));
  END IF;
  SET name = TRIM(group_id);
  START TRANSACTION;
  IF EXISTS (SELECT * FROM fabric.groups AS g WHERE g.group_id = name FOR UPDATE) THEN
    CALL fabric.fail(CONCAT('GroupError: Group (', name, ') already exists.'));
  END IF;
  INSERT INTO fabric.groups (group_id, description) VALUES (name, LEFT(description, 256));
  CALL fabric.note(name, NULL, 'group created');
  COMMIT;
  CALL fabric.done('create_group', NULL, NULL, wait);
END $$

CREATE OR REPLACE DEFINER = fabric_node@localhost PROCEDURE `group`.description(
  group_id TEXT, description TEXT, synchronous TEXT)
MODIFIES SQL DATA
BEGIN
  DECLARE locked VARCHAR(64);
  DECLARE wait BOOLEAN;
  DECLARE EXIT HANDLER FOR SQLSTATE '45FAB' CALL fabric.refuse();
  DECLARE EXIT HANDLER FOR SQLEXCEPTION BEGIN ROLLBACK; RESIGNAL; END;
  CALL fabric.begin();
  SET wait = fabric.flag(synchronous, TRUE, 'synchronous');
  CALL fabric.lock_group(group_id, locked);
  UPDATE fabric.groups AS g SET g.description = LEFT(description, 256) WHERE g.group_id = locked;
  COMMIT;
  CALL fabric.done('update_group_description', NULL, NULL, wait);
END $$

CREATE OR REPLACE DEFINER = fabric_node@localhost PROCEDURE `group`.destroy(
  group_id TEXT, synchronous TEXT)
MODIFIES SQL DATA
BEGIN
  DECLARE locked VARCHAR(64);
  DECLARE wait BOOLEAN;
  DECLARE EXIT HANDLER FOR SQLSTATE '45FAB' CALL fabric.refuse();
  DECLARE EXIT HANDLER FOR SQLEXCEPTION BEGIN ROLLBACK; RESIGNAL; END;
  CALL fabric.begin();
  SET wait = fabric.flag(synchronous, TRUE, 'synchronous');
  CALL fabric.lock_group(group_id, locked);
  IF EXISTS (SELECT * FROM fabric.servers AS s WHERE s.group_id = locked) THEN
    CALL fabric.fail(CONCAT('GroupError: Group (', locked,
                            ') still has servers: group.remove them first.'));
  END IF;
  IF EXISTS (SELECT * FROM fabric.shards AS s WHERE s.group_id = locked)
     OR EXISTS (SELECT * FROM fabric.shard_maps AS m WHERE m.global_group_id = locked) THEN
    CALL fabric.fail(CONCAT('GroupError: Group (', locked, ') is used by a shard map: ',
                            'sharding.remove_shard and remove_definition first.'));
  END IF;
  DELETE FROM fabric.groups WHERE fabric.groups.group_id = locked;
  CALL fabric.note(locked, NULL, 'group destroyed');
  COMMIT;
  CALL fabric.done('destroy_group', NULL, NULL, wait);
END $$

-- GALERA: the node's own cluster decides who lives, naming a PRIMARY promotes it. REPLICATED:
-- reports are only recorded.
CREATE OR REPLACE DEFINER = fabric_node@localhost PROCEDURE `group`.set_kind(
  group_id TEXT, kind TEXT, synchronous TEXT)
MODIFIES SQL DATA
BEGIN
  DECLARE locked VARCHAR(64);
  DECLARE wait BOOLEAN;
  DECLARE wanted VARCHAR(64) DEFAULT UPPER(TRIM(LEFT(COALESCE(kind, 'NULL'), 64)));
  DECLARE EXIT HANDLER FOR SQLSTATE '45FAB' CALL fabric.refuse();
  DECLARE EXIT HANDLER FOR SQLEXCEPTION BEGIN ROLLBACK; RESIGNAL; END;
  CALL fabric.begin();
  SET wait = fabric.flag(synchronous, TRUE, 'synchronous');
  IF wanted NOT IN ('GALERA', 'REPLICATED') THEN
    CALL fabric.fail(CONCAT('GroupError: Unknown kind (', wanted, '): use GALERA or REPLICATED.'));
  END IF;
  CALL fabric.lock_group(group_id, locked);
  UPDATE fabric.groups AS g SET g.kind = wanted, g.orphaned = FALSE WHERE g.group_id = locked;
  CALL fabric.note(locked, NULL, CONCAT('kind ', wanted));
  COMMIT;
  CALL fabric.done('set_group_kind', NULL, NULL, wait);
END $$

-- `timeout` and `update_only` are accepted and not needed: nothing is asked of the server.
CREATE OR REPLACE DEFINER = fabric_node@localhost PROCEDURE `group`.`add`(
  group_id TEXT, address TEXT, timeout TEXT, update_only TEXT, synchronous TEXT)
MODIFIES SQL DATA
BEGIN
  DECLARE locked, of_group VARCHAR(64);
  DECLARE uuid VARCHAR(40);
  DECLARE new_host VARCHAR(255);
  DECLARE new_port BIGINT;
  DECLARE wait, ignored BOOLEAN;
  DECLARE EXIT HANDLER FOR SQLSTATE '45FAB' CALL fabric.refuse();
  DECLARE EXIT HANDLER FOR SQLEXCEPTION BEGIN ROLLBACK; RESIGNAL; END;
  CALL fabric.begin();
  SET wait = fabric.flag(synchronous, TRUE, 'synchronous');
  SET ignored = fabric.flag(update_only, FALSE, 'update_only');
  CALL fabric.split_address(address, new_host, new_port);
  CALL fabric.lock_group(group_id, locked);
  SELECT MAX(s.server_uuid), MAX(s.group_id) INTO uuid, of_group
    FROM fabric.servers AS s WHERE s.host = new_host AND s.port = new_port;
  IF of_group IS NOT NULL THEN
    CALL fabric.fail(CONCAT('ServerError: Server (', uuid, ') already belongs to group (', of_group,
                            ').'));
  END IF;
  IF uuid IS NULL THEN
    SET uuid = UUID();
    INSERT INTO fabric.servers (server_uuid, host, port, status_since)
    VALUES (uuid, new_host, new_port, UTC_TIMESTAMP(6));
  END IF;
  UPDATE fabric.servers AS s SET s.group_id = locked, s.weight = 1 WHERE s.server_uuid = uuid;
  CALL fabric.set_server_status(locked, uuid, 2, 'added to the group');
  COMMIT;
  CALL fabric.done('add_server', uuid, NULL, wait);
END $$

-- The server stays registered, without a group.
CREATE OR REPLACE DEFINER = fabric_node@localhost PROCEDURE `group`.`remove`(
  group_id TEXT, server_id TEXT, synchronous TEXT)
MODIFIES SQL DATA
BEGIN
  DECLARE locked VARCHAR(64);
  DECLARE uuid VARCHAR(40);
  DECLARE wait BOOLEAN;
  DECLARE EXIT HANDLER FOR SQLSTATE '45FAB' CALL fabric.refuse();
  DECLARE EXIT HANDLER FOR SQLEXCEPTION BEGIN ROLLBACK; RESIGNAL; END;
  CALL fabric.begin();
  SET wait = fabric.flag(synchronous, TRUE, 'synchronous');
  CALL fabric.lock_group(group_id, locked);
  CALL fabric.find_member(locked, server_id, uuid);
  IF EXISTS (SELECT * FROM fabric.servers AS s WHERE s.server_uuid = uuid AND s.status = 3) THEN
    CALL fabric.fail(CONCAT('GroupError: Server (', uuid, ') is the PRIMARY of group (', locked,
                            '): group.promote another or group.demote it first.'));
  END IF;
  UPDATE fabric.servers AS s SET s.group_id = NULL WHERE s.server_uuid = uuid;
  CALL fabric.note(locked, uuid, 'removed from the group');
  COMMIT;
  CALL fabric.done('remove_server', NULL, NULL, wait);
END $$

DELIMITER ;
