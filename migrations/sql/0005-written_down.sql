-- Take back the notes of what is written, and what reads them.
DROP POLICY spared ON ledger.event;
DO $$
DECLARE t record;
BEGIN
  FOR t IN SELECT tgname, tgrelid::regclass AS of_table FROM pg_trigger WHERE tgfoid = 'ledger.keep()'::regprocedure
  LOOP
    EXECUTE format('DROP TRIGGER %I ON %s', t.tgname, t.of_table);
  END LOOP;
  FOR t IN SELECT tablename FROM pg_policies WHERE schemaname = 'public' AND policyname = 'kept'
  LOOP
    EXECUTE format('DROP POLICY kept ON public.%I', t.tablename);
  END LOOP;
END $$;
DROP FUNCTION ledger.keep(), nrm.written(), nrm.differing(text[], int), nrm.note_as_it_stands(text[]), nrm.held_cases(),
  ledger.summed(bigint, bigint);
REVOKE USAGE ON SCHEMA nrm FROM nrm_send, nrm_retain;
REVOKE USAGE ON SCHEMA keys, ledger FROM nrm_policy;
REVOKE SELECT (case_id, ended_at) ON keys.hold FROM nrm_policy;
