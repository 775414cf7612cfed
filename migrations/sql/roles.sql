-- Roles of the database; passwords are set by `nrm`, never here. nrm_policy cannot log in.
DO $$
DECLARE r text;
BEGIN
  FOREACH r IN ARRAY ARRAY['nrm_app', 'nrm_keys', 'nrm_jobs', 'nrm_send', 'nrm_retain', 'nrm_policy']
  LOOP
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = r) THEN
      EXECUTE format('CREATE ROLE %I NOLOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOINHERIT NOBYPASSRLS', r);
    END IF;
  END LOOP;
END $$;
-- An owner who is no superuser must be a member of the role to which functions are given.
DO $$ BEGIN
  IF NOT pg_has_role(current_user, 'nrm_policy', 'MEMBER') THEN
    EXECUTE format('GRANT nrm_policy TO %I', current_user);
  END IF;
END $$;
