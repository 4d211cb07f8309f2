DROP TRIGGER roles_version_after_update;
DROP TRIGGER roles_version_after_delete;
DROP TRIGGER roles_version_after_insert;
DELETE FROM table_versions WHERE table_name = 'roles';
DROP TABLE roles;
