-- A Fabric node in SQL: schema `threat`, what clients report.
--
-- GALERA group: the report is committed to the log first, and its entry is changed once more if the
-- view still shows the server. While the cluster is voting a dead member out, a commit waits until
-- it has done so. The first may yet be ordered before the new view; the second, begun after it,
-- cannot. (A causal read, wsrep_sync_wait, can: tried with a member that had just come back.) So
-- the view read last knows who lives: a server it has lost is FAULTY at once, one it shows is
-- counted.
-- REPLICATED group: the report is recorded and nothing else. Nothing here can promote a replica,
-- and FAULTY without a successor would make an outage out of a restart.

SET NAMES utf8mb4 COLLATE utf8mb4_general_ci;
SET sql_mode = 'STRICT_TRANS_TABLES,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION';

DELIMITER $$

-- Old rows go with a new one. READ COMMITTED: the DELETE locks what it deletes and no gap.
CREATE OR REPLACE DEFINER = fabric_node@localhost PROCEDURE fabric.log_report(
  of_group VARCHAR(64), uuid VARCHAR(40), command VARCHAR(16), reporter TEXT, error TEXT,
  OUT entry BIGINT)
MODIFIES SQL DATA
BEGIN
  DECLARE oldest DATETIME(6) DEFAULT UTC_TIMESTAMP(6) - INTERVAL fabric.setting('prune_time') SECOND;
  COMMIT;
  SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
  START TRANSACTION;
  DELETE FROM fabric.fault_log WHERE reported_at < oldest AND fabric.own_row(id) LIMIT 1000;
  INSERT INTO fabric.fault_log (reported_at, server_uuid, group_id, command, reporter, error, account)
  VALUES (UTC_TIMESTAMP(6), uuid, of_group, command,
          LEFT(COALESCE(NULLIF(TRIM(reporter), ''), 'unknown'), 64),
          LEFT(COALESCE(NULLIF(TRIM(error), ''), 'unknown'), 256), USER());
  SET entry = LAST_INSERT_ID();
  COMMIT;
END $$

-- The second commit.
CREATE OR REPLACE DEFINER = fabric_node@localhost PROCEDURE fabric.settle_view(
  of_group VARCHAR(64), uuid VARCHAR(40), entry BIGINT)
MODIFIES SQL DATA
BEGIN
  DECLARE members VARCHAR(2048);
  DECLARE known, gone BOOLEAN;
  CALL fabric.read_view(of_group, members, known);
  CALL fabric.is_gone(uuid, members, known, gone);
  IF known AND NOT gone THEN
    UPDATE fabric.fault_log SET in_view = TRUE WHERE id = entry;
  END IF;
  COMMIT;
END $$

-- Enough reports, from enough hosts, recently, and since the server last changed status. Processes of
-- one host may all be cut off together, and a reporter's name proves nothing.
CREATE OR REPLACE DEFINER = fabric_node@localhost PROCEDURE fabric.count_reports(
  uuid VARCHAR(40), OUT reports INT, OUT enough BOOLEAN)
READS SQL DATA
BEGIN
  DECLARE hosts INT;
  SELECT COUNT(*), COUNT(DISTINCT SUBSTRING_INDEX(f.account, '@', -1)) INTO reports, hosts
    FROM fabric.fault_log AS f
    JOIN fabric.servers AS s ON s.server_uuid = f.server_uuid
   WHERE f.server_uuid = uuid AND f.reported_at > s.status_since
     AND f.reported_at > UTC_TIMESTAMP(6) - INTERVAL fabric.setting('notification_interval') SECOND;
  SET enough = reports >= fabric.setting('notifications')
           AND hosts >= fabric.setting('notification_clients');
END $$

-- Inside the group's transaction: names a PRIMARY for a group that lost its own. `problem` is set
-- when nobody can take over.
CREATE OR REPLACE DEFINER = fabric_node@localhost PROCEDURE fabric.fail_over(
  of_group VARCHAR(64), members VARCHAR(2048), known BOOLEAN,
  OUT detail VARCHAR(256), OUT problem VARCHAR(500))
MODIFIES SQL DATA
BEGIN
  DECLARE candidate VARCHAR(40);
  CALL fabric.pick_candidate(of_group, members, known, NULL, candidate);
  IF candidate IS NULL THEN
    SET problem = CONCAT('GroupError: Group (', of_group, ') has no PRIMARY: no live SECONDARY ',
      'could take over. Bring a server back (server.set_status SPARE, then SECONDARY); the next ',
      'report or group.promote makes it the PRIMARY.');
  ELSE
    CALL fabric.set_server_status(of_group, candidate, 3, 'took over after a fault');
    SET detail = CONCAT('promoted ', candidate);
  END IF;
END $$

-- What a report about a server of a GALERA group does, in one transaction.
CREATE OR REPLACE DEFINER = fabric_node@localhost PROCEDURE fabric.judge(
  of_group VARCHAR(64), uuid VARCHAR(40), update_only BOOLEAN,
  OUT detail VARCHAR(256), OUT problem VARCHAR(500))
MODIFIES SQL DATA
judge: BEGIN
  DECLARE members VARCHAR(2048);
  DECLARE known, gone, enough, lost_before BOOLEAN;
  DECLARE reports, before_status INT;
  DECLARE successor, locked VARCHAR(64);
  CALL fabric.lock_group(of_group, locked);
  CALL fabric.read_view(locked, members, known);
  CALL fabric.is_gone(uuid, members, known, gone);
  CALL fabric.count_reports(uuid, reports, enough);
  SET before_status =
    (SELECT s.status FROM fabric.servers AS s WHERE s.server_uuid = uuid AND s.group_id = locked);
  SET lost_before = (SELECT g.orphaned FROM fabric.groups AS g WHERE g.group_id = locked);
  IF before_status <> 0 AND NOT gone AND before_status = 3 AND enough THEN
    CALL fabric.pick_candidate(locked, members, known, uuid, successor);
    IF successor IS NULL THEN
      SET problem = CONCAT('GroupError: ', reports, ' reports about the PRIMARY of group (', locked,
        '), but no live SECONDARY could take over: it stays the PRIMARY.');
      ROLLBACK;
      LEAVE judge;
    END IF;
  END IF;
  IF before_status <> 0 AND (gone OR enough) THEN
    CALL fabric.set_server_status(locked, uuid, 0,
      IF(gone, 'left the cluster', CONCAT(reports, ' reports')));
    SET detail = CONCAT(uuid, ' is FAULTY');
    IF before_status = 3 THEN
      UPDATE fabric.groups SET orphaned = TRUE WHERE group_id = locked;
      SET lost_before = TRUE;
    END IF;
  END IF;
  IF lost_before AND NOT update_only THEN
    CALL fabric.fail_over(locked, members, known, detail, problem);
  END IF;
  IF detail IS NULL THEN
    SET detail = IF(before_status = 0, 'FAULTY already', CONCAT(reports, ' recent reports'));
    ROLLBACK;
  ELSE
    COMMIT;
  END IF;
END $$

CREATE OR REPLACE DEFINER = fabric_node@localhost PROCEDURE fabric.report(
  command VARCHAR(16), server_id TEXT, reporter TEXT, error TEXT, update_only TEXT,
  synchronous TEXT)
MODIFIES SQL DATA
BEGIN
  DECLARE uuid VARCHAR(40);
  DECLARE of_group VARCHAR(64);
  DECLARE group_kind VARCHAR(16);
  DECLARE entry BIGINT;
  DECLARE detail VARCHAR(256);
  DECLARE problem VARCHAR(500);
  DECLARE only_mark BOOLEAN DEFAULT fabric.flag(update_only, FALSE, 'update_only');
  DECLARE wait BOOLEAN DEFAULT fabric.flag(synchronous, TRUE, 'synchronous');
  CALL fabric.find_server(server_id, uuid);
  SELECT s.group_id, g.kind INTO of_group, group_kind
    FROM fabric.servers AS s LEFT JOIN fabric.groups AS g ON g.group_id = s.group_id
   WHERE s.server_uuid = uuid;
  COMMIT;
  IF group_kind IS NULL THEN
    CALL fabric.fail(CONCAT('ServerError: Server (', LEFT(server_id, 100),
                            ') does not belong to a group.'));
  END IF;
  CALL fabric.log_report(of_group, uuid, command, reporter, error, entry);
  IF group_kind = 'GALERA' THEN
    CALL fabric.settle_view(of_group, uuid, entry);
    CALL fabric.judge(of_group, uuid, only_mark, detail, problem);
  ELSE
    SET detail = CONCAT('recorded; group (', of_group, ') is REPLICATED');
  END IF;
  IF problem IS NULL THEN
    CALL fabric.done(command, detail, NULL, wait);
  ELSE
    CALL fabric.answer(problem);
    COMMIT;
  END IF;
END $$

CREATE OR REPLACE DEFINER = fabric_node@localhost PROCEDURE threat.report_error(
  server_id TEXT, reporter TEXT, error TEXT, update_only TEXT, synchronous TEXT)
MODIFIES SQL DATA
BEGIN
  DECLARE EXIT HANDLER FOR SQLSTATE '45FAB' CALL fabric.refuse();
  DECLARE EXIT HANDLER FOR SQLEXCEPTION BEGIN ROLLBACK; RESIGNAL; END;
  CALL fabric.begin();
  CALL fabric.report('report_error', server_id, reporter, error, update_only, synchronous);
END $$

CREATE OR REPLACE DEFINER = fabric_node@localhost PROCEDURE threat.report_failure(
  server_id TEXT, reporter TEXT, error TEXT, update_only TEXT, synchronous TEXT)
MODIFIES SQL DATA
BEGIN
  DECLARE EXIT HANDLER FOR SQLSTATE '45FAB' CALL fabric.refuse();
  DECLARE EXIT HANDLER FOR SQLEXCEPTION BEGIN ROLLBACK; RESIGNAL; END;
  CALL fabric.begin();
  CALL fabric.report('report_failure', server_id, reporter, error, update_only, synchronous);
END $$

DELIMITER ;
