-- A Fabric node in SQL: schema `group`, who leads it, and the lookups.

SET NAMES utf8mb4 COLLATE utf8mb4_general_ci;
SET sql_mode = 'STRICT_TRANS_TABLES,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION';

DELIMITER $$

-- The server to promote: the one named, SECONDARY or SPARE and not known to be dead, or the best.
CREATE OR REPLACE DEFINER = fabric_node@localhost PROCEDURE fabric.choose_slave(
  of_group VARCHAR(64), slave_id TEXT, OUT chosen VARCHAR(40))
READS SQL DATA
BEGIN
  DECLARE members VARCHAR(2048);
  DECLARE known, gone BOOLEAN;
  DECLARE present_status INT;
  CALL fabric.read_view(of_group, members, known);
  IF (SELECT g.kind FROM fabric.groups AS g WHERE g.group_id = of_group) <> 'GALERA' THEN
    SET known = FALSE;
  END IF;
  IF COALESCE(TRIM(slave_id), '') = '' THEN
    CALL fabric.pick_candidate(of_group, members, known, NULL, chosen);
    IF chosen IS NULL THEN
      CALL fabric.fail(CONCAT('GroupError: Group (', of_group,
        ') has no live SECONDARY open for reading: none can be promoted.'));
    END IF;
  ELSE
    CALL fabric.find_member(of_group, slave_id, chosen);
    SET present_status = (SELECT s.status FROM fabric.servers AS s WHERE s.server_uuid = chosen);
    CALL fabric.is_gone(chosen, members, known, gone);
    IF present_status NOT IN (1, 2) THEN
      CALL fabric.fail(CONCAT('GroupError: Server (', chosen, ') is ',
        fabric.status_name(present_status), ': only a SECONDARY or SPARE can be promoted.'));
    ELSEIF gone THEN
      CALL fabric.fail(CONCAT('GroupError: Server (', chosen,
        ') is not in the cluster: start it first.'));
    END IF;
  END IF;
END $$

-- In a GALERA group naming the PRIMARY is all there is to do. A REPLICATED group that has a
-- PRIMARY must be switched on its servers first; update_only then says that this was done.
CREATE OR REPLACE DEFINER = fabric_node@localhost PROCEDURE `group`.promote(
  group_id TEXT, slave_id TEXT, update_only TEXT, synchronous TEXT)
MODIFIES SQL DATA
BEGIN
  DECLARE locked VARCHAR(64);
  DECLARE chosen, old_primary VARCHAR(40);
  DECLARE only_name, wait BOOLEAN;
  DECLARE EXIT HANDLER FOR SQLSTATE '45FAB' CALL fabric.refuse();
  DECLARE EXIT HANDLER FOR SQLEXCEPTION BEGIN ROLLBACK; RESIGNAL; END;
  CALL fabric.begin();
  SET only_name = fabric.flag(update_only, FALSE, 'update_only');
  SET wait = fabric.flag(synchronous, TRUE, 'synchronous');
  CALL fabric.lock_group(group_id, locked);
  CALL fabric.choose_slave(locked, slave_id, chosen);
  SET old_primary =
    (SELECT s.server_uuid FROM fabric.servers AS s WHERE s.group_id = locked AND s.status = 3);
  IF old_primary IS NOT NULL THEN
    IF NOT only_name
       AND (SELECT g.kind FROM fabric.groups AS g WHERE g.group_id = locked) = 'REPLICATED' THEN
      CALL fabric.fail(CONCAT('GroupError: Group (', locked, ') is REPLICATED: switch its servers ',
        'over first, then promote with update_only = true.'));
    END IF;
    CALL fabric.set_server_status(locked, old_primary, 2, 'another was promoted');
  END IF;
  CALL fabric.set_server_status(locked, chosen, 3, 'promoted');
  COMMIT;
  CALL fabric.done('promote', CONCAT('promoted ', chosen), NULL, wait);
END $$

CREATE OR REPLACE DEFINER = fabric_node@localhost PROCEDURE `group`.demote(
  group_id TEXT, update_only TEXT, synchronous TEXT)
MODIFIES SQL DATA
BEGIN
  DECLARE locked VARCHAR(64);
  DECLARE old_primary VARCHAR(40);
  DECLARE ignored, wait BOOLEAN;
  DECLARE EXIT HANDLER FOR SQLSTATE '45FAB' CALL fabric.refuse();
  DECLARE EXIT HANDLER FOR SQLEXCEPTION BEGIN ROLLBACK; RESIGNAL; END;
  CALL fabric.begin();
  SET ignored = fabric.flag(update_only, FALSE, 'update_only');
  SET wait = fabric.flag(synchronous, TRUE, 'synchronous');
  CALL fabric.lock_group(group_id, locked);
  SET old_primary =
    (SELECT s.server_uuid FROM fabric.servers AS s WHERE s.group_id = locked AND s.status = 3);
  IF old_primary IS NULL THEN
    CALL fabric.fail(CONCAT('GroupError: Group (', locked, ') has no PRIMARY.'));
  END IF;
  CALL fabric.set_server_status(locked, old_primary, 2, 'demoted');
  COMMIT;
  CALL fabric.done('demote', CONCAT('demoted ', old_primary), NULL, wait);
END $$

-- Nothing here probes servers; the flag is what group.lookup_groups answers.
CREATE OR REPLACE DEFINER = fabric_node@localhost PROCEDURE fabric.set_detector(
  group_id TEXT, active BOOLEAN, synchronous TEXT)
MODIFIES SQL DATA
BEGIN
  DECLARE locked VARCHAR(64);
  DECLARE wait BOOLEAN DEFAULT fabric.flag(synchronous, TRUE, 'synchronous');
  CALL fabric.lock_group(group_id, locked);
  UPDATE fabric.groups AS g SET g.failure_detector = active WHERE g.group_id = locked;
  COMMIT;
  CALL fabric.done(IF(active, 'activate_group', 'deactivate_group'), NULL, NULL, wait);
END $$

CREATE OR REPLACE DEFINER = fabric_node@localhost PROCEDURE `group`.activate(
  group_id TEXT, synchronous TEXT)
MODIFIES SQL DATA
BEGIN
  DECLARE EXIT HANDLER FOR SQLSTATE '45FAB' CALL fabric.refuse();
  DECLARE EXIT HANDLER FOR SQLEXCEPTION BEGIN ROLLBACK; RESIGNAL; END;
  CALL fabric.begin();
  CALL fabric.set_detector(group_id, TRUE, synchronous);
END $$

CREATE OR REPLACE DEFINER = fabric_node@localhost PROCEDURE `group`.deactivate(
  group_id TEXT, synchronous TEXT)
MODIFIES SQL DATA
BEGIN
  DECLARE EXIT HANDLER FOR SQLSTATE '45FAB' CALL fabric.refuse();
  DECLARE EXIT HANDLER FOR SQLEXCEPTION BEGIN ROLLBACK; RESIGNAL; END;
  CALL fabric.begin();
  CALL fabric.set_detector(group_id, FALSE, synchronous);
END $$

CREATE OR REPLACE DEFINER = fabric_node@localhost PROCEDURE `group`.lookup_groups(group_id TEXT)
READS SQL DATA
BEGIN
  DECLARE alone BOOLEAN DEFAULT NOT @@in_transaction;
  DECLARE wanted VARCHAR(64) DEFAULT NULLIF(TRIM(LEFT(group_id, 65)), '');
  DECLARE EXIT HANDLER FOR SQLSTATE '45FAB' CALL fabric.refuse_lookup(alone);
  IF wanted IS NOT NULL AND NOT EXISTS (SELECT * FROM fabric.groups AS g
                                         WHERE g.group_id = wanted) THEN
    CALL fabric.fail(CONCAT('Group (', wanted, ') does not exist.'));
  END IF;
  CALL fabric.answer(NULL);
  SELECT g.group_id, g.description, g.failure_detector, s.server_uuid AS master_uuid
    FROM fabric.groups AS g
    LEFT JOIN fabric.servers AS s ON s.leads = g.group_id
   WHERE wanted IS NULL OR g.group_id = wanted
   ORDER BY g.group_id;
  IF alone THEN COMMIT; END IF;
END $$

-- The servers of a group as group.lookup_servers and sharding.lookup_servers answer them.
CREATE OR REPLACE DEFINER = fabric_node@localhost PROCEDURE fabric.answer_servers(
  of_group VARCHAR(64), uuid VARCHAR(40), wanted_status INT, wanted_mode INT)
READS SQL DATA
BEGIN
  CALL fabric.answer(NULL);
  SELECT s.server_uuid, s.address, fabric.status_name(s.status) AS status,
         fabric.mode_name(s.mode) AS mode, s.weight
    FROM fabric.servers AS s
   WHERE s.group_id = of_group AND (uuid IS NULL OR s.server_uuid = uuid)
     AND (wanted_status IS NULL OR s.status = wanted_status)
     AND (wanted_mode IS NULL OR s.mode = wanted_mode)
   ORDER BY s.address, s.server_uuid;
END $$

CREATE OR REPLACE DEFINER = fabric_node@localhost PROCEDURE `group`.lookup_servers(
  group_id TEXT, server_id TEXT, status TEXT, mode TEXT)
READS SQL DATA
BEGIN
  DECLARE alone BOOLEAN DEFAULT NOT @@in_transaction;
  DECLARE uuid VARCHAR(40);
  DECLARE wanted VARCHAR(64) DEFAULT TRIM(LEFT(COALESCE(group_id, 'NULL'), 65));
  DECLARE EXIT HANDLER FOR SQLSTATE '45FAB' CALL fabric.refuse_lookup(alone);
  IF NOT EXISTS (SELECT * FROM fabric.groups AS g WHERE g.group_id = wanted) THEN
    CALL fabric.fail(CONCAT('Group (', wanted, ') does not exist.'));
  END IF;
  IF COALESCE(TRIM(server_id), '') <> '' THEN
    CALL fabric.find_member(wanted, server_id, uuid);
  END IF;
  CALL fabric.answer_servers(wanted, uuid, fabric.status_number(NULLIF(TRIM(status), '')),
                             fabric.mode_number(NULLIF(TRIM(mode), '')));
  IF alone THEN COMMIT; END IF;
END $$

DELIMITER ;
