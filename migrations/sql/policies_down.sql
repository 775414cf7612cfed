-- Take back every policy, function and right.
DO $$
DECLARE p record;
BEGIN
  FOR p IN SELECT schemaname, tablename, policyname FROM pg_policies WHERE schemaname IN ('public', 'ledger')
  LOOP
    EXECUTE format('DROP POLICY %I ON %I.%I', p.policyname, p.schemaname, p.tablename);
    EXECUTE format('ALTER TABLE %I.%I DISABLE ROW LEVEL SECURITY', p.schemaname, p.tablename);
    EXECUTE format('ALTER TABLE %I.%I NO FORCE ROW LEVEL SECURITY', p.schemaname, p.tablename);
  END LOOP;
END $$;
DROP TRIGGER refuse_held ON keys.wrapped_key;
DROP FUNCTION keys.refuse_held();
DROP VIEW nrm.tie;
DO $$
DECLARE f regprocedure;
BEGIN
  FOR f IN SELECT oid FROM pg_proc WHERE pronamespace = 'nrm'::regnamespace
  LOOP
    EXECUTE format('DROP FUNCTION %s', f);
  END LOOP;
END $$;
DROP OWNED BY nrm_app, nrm_keys, nrm_jobs, nrm_send, nrm_retain, nrm_policy;
