-- Who may touch what. The application's role owns nothing; every table that knows of a case is under row-level
-- security, forced; the context is set for one transaction and an empty one sees nothing.

-- Whether asylum is open or was given: then a State of origin learns nothing more, whatever a row of the team says.
CREATE FUNCTION nrm.asylum_open(asked uuid) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
  SET search_path = pg_catalog AS $$
  SELECT EXISTS (SELECT FROM public.track WHERE case_id = asked AND slug = 'asylum_claim' AND state IN
    ('intention', 'lodged', 'under_examination', 'decision_open_appeal', 'appeal_pending', 'refugee', 'subsidiary')) $$;
-- The cases from which whoever asks is barred by a conflict of interest: for them there is no such case.
CREATE FUNCTION nrm.barred_cases() RETURNS uuid[] LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
  SELECT coalesce(array_agg(case_id), '{}') FROM public.barring
  WHERE ended_at IS NULL AND (user_id = nrm.context_user() OR organisation_id = nrm.context_organisation()) $$;
-- The rows of teams that tie whoever asks to a case now. It belongs to nrm_policy and nobody else reads it; its functions
-- run as that role, because a policy on the team that reads the team would never end.
CREATE VIEW nrm.tie AS SELECT case_id, relation, reasoned, categories FROM public.team_member
  WHERE from_at <= (SELECT nrm.context_now()) AND (until_at IS NULL OR until_at > (SELECT nrm.context_now()))
    AND (user_id = (SELECT nrm.context_user())
      OR (user_id IS NULL AND organisation_id = (SELECT nrm.context_organisation())
        AND role = (SELECT nrm.context_role())))
    AND NOT ((SELECT nrm.context_role()) = 'CON' AND nrm.asylum_open(case_id))
    AND NOT case_id = ANY ((SELECT nrm.barred_cases())::uuid[]);
-- The cases of whoever asks, and among them those in a relation that is named, those with a timed reason, and what a
-- broken glass opens.
CREATE FUNCTION nrm.my_cases() RETURNS uuid[] LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
  SELECT array_remove(coalesce(array_agg(DISTINCT case_id), '{}') || nrm.context_case(), NULL) FROM nrm.tie $$;
CREATE FUNCTION nrm.tied() RETURNS uuid[] LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
  SELECT coalesce(array_agg(DISTINCT case_id), '{}') FROM nrm.tie $$;
CREATE FUNCTION nrm.tied_as(asked text[]) RETURNS uuid[] LANGUAGE sql STABLE SECURITY DEFINER
  SET search_path = pg_catalog AS $$
  SELECT coalesce(array_agg(DISTINCT case_id), '{}') FROM nrm.tie WHERE relation = ANY (asked) $$;
CREATE FUNCTION nrm.tied_by_more_than_asking() RETURNS uuid[] LANGUAGE sql STABLE SECURITY DEFINER
  SET search_path = pg_catalog AS $$
  SELECT coalesce(array_agg(DISTINCT case_id), '{}') FROM nrm.tie
  WHERE relation NOT IN ('recipient', 'shelter_asked') $$;
CREATE FUNCTION nrm.timed() RETURNS uuid[] LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
  SELECT coalesce(array_agg(DISTINCT case_id), '{}') FROM nrm.tie
  WHERE relation IN ('oversight', 'emergency') AND reasoned $$;
CREATE FUNCTION nrm.broken_glass() RETURNS text[] LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
  SELECT coalesce(array_agg(t.case_id || ' ' || opened.category), '{}')
  FROM nrm.tie AS t, jsonb_array_elements_text(t.categories) AS opened (category)
  WHERE t.relation = 'emergency' AND t.reasoned $$;
-- Whether a category of a case is lent to the organisation of whoever asks.
CREATE FUNCTION nrm.lent(asked uuid, what text) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
  SET search_path = pg_catalog AS $$
  SELECT EXISTS (SELECT FROM public.share WHERE case_id = asked AND category = what
    AND organisation_id = nrm.context_organisation() AND ended_at IS NULL
    AND (until_at IS NULL OR until_at > nrm.context_now())) $$;
-- Which versions of a record there are, to whoever writes the next one and may not read all of them; or of one writer.
CREATE FUNCTION nrm.versions(asked uuid, writer uuid) RETURNS TABLE (category text, row_version int) LANGUAGE sql STABLE
  SECURITY DEFINER SET search_path = pg_catalog AS $$
  SELECT p.category, max(p.row_version) FROM public.part AS p
  WHERE p.record_id = asked AND (writer IS NULL OR p.author_user_id = writer) AND (p.record_type = 'shelter' OR p.case_id = ANY ((SELECT nrm.my_cases())::uuid[]))
  GROUP BY p.category $$;
-- Which case a reference names, to whoever may break the glass: one that came to somebody, and is not put away.
CREATE FUNCTION nrm.emergency_case(asked text) RETURNS uuid LANGUAGE sql STABLE SECURITY DEFINER
  SET search_path = pg_catalog AS $$
  SELECT id FROM public."case" AS c WHERE reference = asked
    AND nrm.context_role() IN ('POL', 'NGO', 'SOC', 'HEA', 'SHE', 'GUA', 'LEG')
    AND EXISTS (SELECT FROM public.track AS t WHERE t.case_id = c.id
      AND t.slug = 'referral' AND t.state NOT IN ('draft', 'withdrawn'))
    AND NOT EXISTS (SELECT FROM public.track AS t WHERE t.case_id = c.id
      AND t.slug = 'case' AND t.state IN ('restricted', 'anonymisation_proposed', 'anonymised')) $$;
-- Whether there is a case of that number: for the account that the ledger keeps of a refusal, and for no answer.
CREATE FUNCTION nrm.is_case(asked uuid) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
  SET search_path = pg_catalog AS $$ SELECT EXISTS (SELECT FROM public."case" WHERE id = asked) $$;
-- Whether an emergency access of whoever asks was not reviewed in time, in any case: then the right to it rests.
CREATE FUNCTION nrm.emergency_suspended() RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
  SET search_path = pg_catalog AS $$
  SELECT EXISTS (SELECT FROM public.step AS s JOIN public.deadline AS d ON d.track_id = s.track_id
    WHERE d.slug = 'break_glass' AND s.name = 'request' AND s.actor_id = nrm.context_user()
      AND d.name = 'review' AND d.ended_at IS NULL AND d.due_at < nrm.context_now()) $$;
-- The cases on whose team the organisation of whoever asks is now: what its supervisors oversee.
-- What its people did elsewhere they see by the organisation that stands in the event.
CREATE FUNCTION nrm.cases_of_my_organisation() RETURNS uuid[] LANGUAGE sql STABLE SECURITY DEFINER
  SET search_path = pg_catalog AS $$
  SELECT coalesce(array_agg(DISTINCT case_id), '{}') FROM public.team_member
  WHERE organisation_id = nrm.context_organisation() AND relation NOT IN ('oversight', 'emergency')
    AND from_at <= nrm.context_now() AND (until_at IS NULL OR until_at > nrm.context_now())
    AND NOT case_id = ANY ((SELECT nrm.barred_cases())::uuid[]) $$;
-- Which categories hold anything in a case, and whose, to its team and to those whose office is to know that.
CREATE FUNCTION nrm.kept(asked uuid) RETURNS TABLE (category text, organisation_id uuid) LANGUAGE sql STABLE
  SECURITY DEFINER SET search_path = pg_catalog AS $$
  SELECT DISTINCT ON (p.category) p.category, p.author_organisation_id FROM public.part AS p
  WHERE p.case_id = asked AND p.record_type NOT IN ('draft', 'reason') AND (
    asked = ANY ((SELECT nrm.my_cases())::uuid[])
    OR (nrm.context_role() IN ('AUD', 'DPO') AND NOT asked = ANY ((SELECT nrm.barred_cases())::uuid[])))
  ORDER BY p.category, p.sealed_at DESC $$;
GRANT CREATE ON SCHEMA nrm TO nrm_policy;
ALTER VIEW nrm.tie OWNER TO nrm_policy;
DO $$
DECLARE f regprocedure;
BEGIN
  FOR f IN SELECT oid FROM pg_proc WHERE pronamespace = 'nrm'::regnamespace AND prosecdef
  LOOP
    EXECUTE format('ALTER FUNCTION %s OWNER TO nrm_policy', f);
  END LOOP;
END $$;
REVOKE CREATE ON SCHEMA nrm FROM nrm_policy;
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA nrm FROM PUBLIC;
GRANT USAGE ON SCHEMA nrm TO nrm_app, nrm_jobs, nrm_policy;
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA nrm TO nrm_app, nrm_jobs, nrm_policy;
GRANT SELECT ON public.team_member, public.share, public.barring TO nrm_policy;
GRANT SELECT (case_id, slug, state) ON public.track TO nrm_policy;
GRANT SELECT (id, reference) ON public."case" TO nrm_policy;
GRANT SELECT (case_id, record_type, record_id, category, row_version, author_user_id, author_organisation_id, sealed_at)
  ON public.part TO nrm_policy;
GRANT SELECT (track_id, name, actor_id) ON public.step TO nrm_policy;
GRANT SELECT (track_id, slug, name, due_at, ended_at) ON public.deadline TO nrm_policy;

REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO nrm_app, nrm_jobs, nrm_policy;
GRANT USAGE ON SCHEMA keys TO nrm_keys;
GRANT USAGE ON SCHEMA ledger TO nrm_app, nrm_jobs;

-- Plain tables.
GRANT SELECT, INSERT, UPDATE ON organisation, user_account, sign_in_session, invitation, api_client, recovery TO nrm_app;
GRANT SELECT, INSERT, DELETE ON api_token, oidc_flow, oidc_link, attempt TO nrm_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON passkey, challenge, held_text TO nrm_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON answered TO nrm_app;
GRANT SELECT, INSERT, UPDATE ON shelter, shelter_place TO nrm_app;
GRANT SELECT ON organisation, user_account, shelter, shelter_place TO nrm_jobs;
GRANT UPDATE ON shelter_place TO nrm_jobs;
GRANT DELETE ON challenge, held_text, answered, sign_in_session TO nrm_jobs;
GRANT SELECT ON challenge, held_text, answered, sign_in_session TO nrm_jobs;

-- Wrapped keys: a role of their own, which sees nothing else.
GRANT SELECT, INSERT, UPDATE ON keys.wrapped_key, keys.hold TO nrm_keys;
-- What a legal hold protects is not destroyed, whoever asks and whatever the program checked before.
CREATE FUNCTION keys.refuse_held() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$ BEGIN
  IF EXISTS (SELECT FROM keys.hold WHERE case_id = OLD.case_id AND ended_at IS NULL) THEN
    RAISE EXCEPTION 'a legal hold stands on this case';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER refuse_held BEFORE UPDATE ON keys.wrapped_key FOR EACH ROW
  WHEN (NEW.wrapped IS NULL AND OLD.wrapped IS NOT NULL) EXECUTE FUNCTION keys.refuse_held();

-- The ledger: the application inserts; it can change and delete nothing. Sealing belongs to the timers.
GRANT SELECT, INSERT (body) ON ledger.event TO nrm_app, nrm_jobs;  -- its number and transaction are the database's own
GRANT SELECT ON ledger.leaf, ledger.checkpoint TO nrm_app;
GRANT SELECT, INSERT ON ledger.leaf, ledger.checkpoint TO nrm_jobs;
ALTER TABLE ledger.event ENABLE ROW LEVEL SECURITY;
ALTER TABLE ledger.event FORCE ROW LEVEL SECURITY;
CREATE POLICY written ON ledger.event FOR INSERT TO nrm_app, nrm_jobs WITH CHECK (true);
CREATE POLICY sealed ON ledger.event FOR SELECT TO nrm_jobs USING (true);
-- Erasing what the oldest events said is the work of one role, which reads nothing else and lets go only what is sealed.
GRANT USAGE ON SCHEMA ledger TO nrm_retain;
GRANT SELECT (id, body), INSERT (body), DELETE ON ledger.event TO nrm_retain;
GRANT SELECT ON ledger.leaf, ledger.checkpoint TO nrm_retain;
CREATE POLICY retained ON ledger.event FOR SELECT TO nrm_retain USING (true);
CREATE POLICY declared ON ledger.event FOR INSERT TO nrm_retain WITH CHECK (body::jsonb ->> 'act' = 'erase');
CREATE POLICY erased ON ledger.event FOR DELETE TO nrm_retain USING (
  (body::jsonb ->> 'at')::timestamptz < now() - interval '10 years'
  AND EXISTS (SELECT FROM ledger.leaf WHERE event_id = event.id));
CREATE POLICY audited ON ledger.event FOR SELECT TO nrm_app USING (
  ((SELECT nrm.context_role()) IN ('AUD', 'DPO')
    AND (case_id IS NULL OR NOT case_id = ANY ((SELECT nrm.barred_cases())::uuid[])))
  OR ((SELECT nrm.context_role()) = 'SUP'
      AND (organisation_id = (SELECT nrm.context_organisation())
           -- who of mine was let in where, as in an emergency that I review
           OR (act = 'grant' AND (body::jsonb ->> 'recipient')::uuid = (SELECT nrm.context_organisation()))
           OR case_id = ANY ((SELECT nrm.cases_of_my_organisation())::uuid[]))));

-- Tables that know of a case.
GRANT SELECT, INSERT, UPDATE ON "case", person, track, deadline, share, team_member, notice, shelter_stay TO nrm_app, nrm_jobs;
GRANT SELECT, INSERT ON step TO nrm_app, nrm_jobs;
GRANT SELECT, INSERT, DELETE ON part TO nrm_app;
GRANT INSERT ON part TO nrm_jobs;
DO $$
DECLARE t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['case', 'person', 'track', 'step', 'deadline', 'share', 'team_member', 'notice', 'shelter_stay', 'part']
  LOOP
    EXECUTE format('ALTER TABLE public.%I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('ALTER TABLE public.%I FORCE ROW LEVEL SECURITY', t);
    IF t <> 'part' THEN
      EXECUTE format('CREATE POLICY timers ON public.%I TO nrm_jobs USING (true) WITH CHECK (true)', t);
    END IF;
  END LOOP;
  FOREACH t IN ARRAY ARRAY['person', 'track', 'step', 'deadline', 'share', 'team_member', 'shelter_stay']
  LOOP
    EXECUTE format('CREATE POLICY seen ON public.%I FOR SELECT TO nrm_app
      USING (case_id = ANY ((SELECT nrm.my_cases())::uuid[]))', t);
  END LOOP;
  FOREACH t IN ARRAY ARRAY['person', 'track', 'step', 'deadline', 'share', 'shelter_stay']
  LOOP
    EXECUTE format('CREATE POLICY written ON public.%I FOR INSERT TO nrm_app
      WITH CHECK (case_id = ANY ((SELECT nrm.my_cases())::uuid[]))', t);
  END LOOP;
  FOREACH t IN ARRAY ARRAY['person', 'track', 'deadline', 'share', 'team_member', 'shelter_stay']
  LOOP
    EXECUTE format('CREATE POLICY changed ON public.%I FOR UPDATE TO nrm_app
      USING (case_id = ANY ((SELECT nrm.my_cases())::uuid[]))', t);
  END LOOP;
END $$;

-- A supervisor sees that the organisation's cases exist, their states and clocks; to read one takes a reason first.
CREATE POLICY supervised ON "case" FOR SELECT TO nrm_app USING ((SELECT nrm.context_role()) = 'SUP'
  AND id = ANY ((SELECT nrm.cases_of_my_organisation())::uuid[]));
CREATE POLICY supervised ON track FOR SELECT TO nrm_app USING ((SELECT nrm.context_role()) = 'SUP'
  AND case_id = ANY ((SELECT nrm.cases_of_my_organisation())::uuid[]));
CREATE POLICY supervised ON deadline FOR SELECT TO nrm_app USING ((SELECT nrm.context_role()) = 'SUP'
  AND case_id = ANY ((SELECT nrm.cases_of_my_organisation())::uuid[]));

-- The auditor and the data-protection officer know by office that a case exists, and read the register of consents.
CREATE POLICY by_office ON "case" FOR SELECT TO nrm_app USING ((SELECT nrm.context_role()) IN ('AUD', 'DPO')
  AND NOT id = ANY ((SELECT nrm.barred_cases())::uuid[]));
CREATE POLICY by_office ON share FOR SELECT TO nrm_app USING ((SELECT nrm.context_role()) IN ('AUD', 'DPO')
  AND NOT case_id = ANY ((SELECT nrm.barred_cases())::uuid[]));
CREATE POLICY by_office ON track FOR SELECT TO nrm_app USING (slug = 'consent'
  AND (SELECT nrm.context_role()) IN ('AUD', 'DPO') AND NOT case_id = ANY ((SELECT nrm.barred_cases())::uuid[]));
CREATE POLICY by_office ON step FOR SELECT TO nrm_app USING ((SELECT nrm.context_role()) IN ('AUD', 'DPO')
  AND EXISTS (SELECT FROM track AS t WHERE t.id = track_id AND t.slug = 'consent'));
CREATE POLICY by_office ON part FOR SELECT TO nrm_app USING (category = 'CNS' AND record_type LIKE 'step:%'
  AND (SELECT nrm.context_role()) IN ('AUD', 'DPO') AND NOT case_id = ANY ((SELECT nrm.barred_cases())::uuid[]));

CREATE POLICY counted ON team_member FOR SELECT TO nrm_policy USING (true);
CREATE POLICY counted ON share FOR SELECT TO nrm_policy USING (true);
CREATE POLICY counted ON barring FOR SELECT TO nrm_policy USING (true);
CREATE POLICY counted ON track FOR SELECT TO nrm_policy USING (true);
CREATE POLICY counted ON "case" FOR SELECT TO nrm_policy USING (true);
CREATE POLICY counted ON step FOR SELECT TO nrm_policy USING (true);
CREATE POLICY counted ON part FOR SELECT TO nrm_policy USING (true);
CREATE POLICY counted ON deadline FOR SELECT TO nrm_policy USING (true);
CREATE POLICY joined ON team_member FOR INSERT TO nrm_app WITH CHECK (
  granted_by IN ((SELECT nrm.context_user()), '00000000-0000-0000-0000-000000000000'));  -- or the rule engine
CREATE POLICY seen ON "case" FOR SELECT TO nrm_app USING (id = ANY ((SELECT nrm.my_cases())::uuid[]));
CREATE POLICY begun ON "case" FOR INSERT TO nrm_app WITH CHECK (created_by = (SELECT nrm.context_user()));
CREATE POLICY changed ON "case" FOR UPDATE TO nrm_app USING (id = ANY ((SELECT nrm.my_cases())::uuid[]));
CREATE POLICY seen ON notice FOR SELECT TO nrm_app USING (organisation_id = (SELECT nrm.context_organisation())
  AND (case_id IS NULL OR NOT case_id = ANY ((SELECT nrm.barred_cases())::uuid[])));
CREATE POLICY raised ON notice FOR INSERT TO nrm_app WITH CHECK (true);
CREATE POLICY changed ON notice FOR UPDATE TO nrm_app USING (organisation_id = (SELECT nrm.context_organisation()));

-- Sealed parts: what the matrix lets somebody with these ties read, by the same ways as the program (ADR 0037); one's
-- own draft, and in single statements what one wrote, which is sent on unseen; a shelter's address, whose record is the shelter. Only one's own draft can be deleted.
CREATE POLICY seen ON part FOR SELECT TO nrm_app USING (
  (category = ANY ((SELECT nrm.opened('work'))::text[])
    AND case_id = ANY ((SELECT nrm.tied_as(nrm.working_relations()))::uuid[]))
  OR (author_role = (SELECT nrm.context_role())
    AND author_organisation_id IS NOT DISTINCT FROM (SELECT nrm.context_organisation())
    AND category = ANY ((SELECT nrm.opened('own'))::text[]) AND case_id = ANY ((SELECT nrm.tied())::uuid[]))
  OR (category = 'LOC' AND case_id = ANY ((SELECT nrm.tied_as(nrm.place_relations()))::uuid[]))
  OR (category = ANY ((SELECT nrm.opened('work+lent'))::text[])
    AND case_id = ANY ((SELECT nrm.tied_as(nrm.working_relations()))::uuid[]) AND nrm.lent(case_id, category))
  OR (category = ANY ((SELECT nrm.opened('lent'))::text[])
    AND case_id = ANY ((SELECT nrm.tied_by_more_than_asking())::uuid[]) AND nrm.lent(case_id, category))
  OR (category = ANY ((SELECT nrm.opened('time'))::text[]) AND case_id = ANY ((SELECT nrm.timed())::uuid[]))
  OR (category = ANY ((SELECT nrm.opened('work+time'))::text[]) AND case_id = ANY ((SELECT nrm.timed())::uuid[])
    AND case_id = ANY ((SELECT nrm.tied_as(nrm.working_relations()))::uuid[]))
  OR (category = ANY ((SELECT nrm.opened('asked'))::text[])
    AND case_id = ANY ((SELECT nrm.tied_as('{recipient,shelter_asked}'))::uuid[]))
  OR (category = ANY ((SELECT nrm.opened('glass'))::text[])
    AND case_id || ' ' || category = ANY ((SELECT nrm.broken_glass())::text[])));
CREATE POLICY drafted ON part FOR SELECT TO nrm_app USING (author_user_id = (SELECT nrm.context_user())
  AND (record_type = 'draft' OR (SELECT current_setting('nrm.carrying', true)) = 'on')
  AND case_id = ANY ((SELECT nrm.tied())::uuid[]));
CREATE POLICY house ON part FOR SELECT TO nrm_app USING (record_type = 'shelter'
  AND (SELECT nrm.context_role()) = 'SHE'
  AND case_id IN (SELECT id FROM shelter WHERE organisation_id = (SELECT nrm.context_organisation())));
CREATE POLICY judged ON part FOR SELECT TO nrm_app USING (record_type = 'reason' AND (
  ((SELECT nrm.context_role()) IN ('AUD', 'DPO') AND NOT case_id = ANY ((SELECT nrm.barred_cases())::uuid[]))
  OR ((SELECT nrm.context_role()) = 'SUP' AND case_id = ANY ((SELECT nrm.cases_of_my_organisation() || nrm.my_cases())::uuid[]))));
CREATE POLICY written ON part FOR INSERT TO nrm_app WITH CHECK (author_user_id IN ((SELECT nrm.context_user()), '00000000-0000-0000-0000-000000000000')
  AND (case_id = ANY ((SELECT nrm.my_cases())::uuid[]) OR (record_type = 'shelter' AND (SELECT nrm.context_role()) = 'SHE'
    AND case_id IN (SELECT id FROM shelter WHERE organisation_id = (SELECT nrm.context_organisation())))));
-- What follows from a lapse may say something (a review that is due, and why); timers add it and read nothing.
CREATE POLICY followed ON part FOR INSERT TO nrm_jobs WITH CHECK (
  author_user_id = '00000000-0000-0000-0000-000000000000' AND record_type LIKE 'step:%');
CREATE POLICY discarded ON part FOR DELETE TO nrm_app USING (
  record_type = 'draft' AND author_user_id = (SELECT nrm.context_user()));

-- Erasures are decided in the transaction of an act, carried out and certified by the timers, shown to those who judge.
GRANT INSERT ON erasure TO nrm_app;
GRANT SELECT (id, case_id, categories, basis, decided_at, done_at, certificate) ON erasure TO nrm_app;
GRANT SELECT, INSERT, UPDATE ON erasure TO nrm_jobs;
ALTER TABLE erasure ENABLE ROW LEVEL SECURITY;
ALTER TABLE erasure FORCE ROW LEVEL SECURITY;
CREATE POLICY decided ON erasure FOR INSERT TO nrm_app
  WITH CHECK (done_at IS NULL AND case_id = ANY ((SELECT nrm.my_cases())::uuid[]));
CREATE POLICY judged ON erasure FOR SELECT TO nrm_app USING ((SELECT nrm.context_role()) IN ('AUD', 'DPO')
  AND NOT case_id = ANY ((SELECT nrm.barred_cases())::uuid[]));
CREATE POLICY timers ON erasure TO nrm_jobs USING (true) WITH CHECK (true);

-- The outbox. Everybody adds to it; only the sender reads where a message goes. The sender can do little else: it talks
-- to machines outside, so it sees of a case only whether a message to the person may go, and no part at all.
GRANT INSERT ON outgoing TO nrm_app, nrm_jobs, nrm_send;
GRANT SELECT (id, user_id, case_id, kind, channel, language, queued_at, queued_by, not_before, valid_until, attempts, sent_at,
  refused_at, refusal) ON outgoing TO nrm_app, nrm_jobs;
GRANT UPDATE (envelope, sent_at, refused_at, refusal) ON outgoing TO nrm_app, nrm_jobs;
GRANT SELECT, UPDATE, DELETE ON outgoing TO nrm_send;
GRANT USAGE ON SCHEMA public, ledger TO nrm_send;
GRANT SELECT (id, organisation_id, role, email, language, is_client, disabled_at) ON user_account TO nrm_send;
GRANT SELECT (id, age_class) ON "case" TO nrm_send;
GRANT SELECT (case_id, row_version) ON person TO nrm_send;
GRANT SELECT (case_id, slug, state) ON track TO nrm_send;
GRANT INSERT ON notice TO nrm_send;
GRANT INSERT (body) ON ledger.event TO nrm_send;
ALTER TABLE outgoing ENABLE ROW LEVEL SECURITY;
ALTER TABLE outgoing FORCE ROW LEVEL SECURITY;
CREATE POLICY sender ON outgoing TO nrm_send USING (true) WITH CHECK (true);
CREATE POLICY sender ON "case" FOR SELECT TO nrm_send USING (true);
CREATE POLICY sender ON person FOR SELECT TO nrm_send USING (true);
CREATE POLICY sender ON track FOR SELECT TO nrm_send USING (true);
CREATE POLICY sender ON notice FOR INSERT TO nrm_send WITH CHECK (true);
CREATE POLICY sender ON ledger.event FOR INSERT TO nrm_send WITH CHECK (true);
CREATE POLICY timers ON outgoing TO nrm_jobs USING (true) WITH CHECK (true);
CREATE POLICY seen ON outgoing FOR SELECT TO nrm_app
  USING (case_id IS NULL OR case_id = ANY ((SELECT nrm.my_cases())::uuid[]));
CREATE POLICY queued ON outgoing FOR INSERT TO nrm_app
  WITH CHECK (case_id IS NULL OR case_id = ANY ((SELECT nrm.my_cases())::uuid[]));
CREATE POLICY called_off ON outgoing FOR UPDATE TO nrm_app USING (case_id = ANY ((SELECT nrm.my_cases())::uuid[]));

-- The index over sealed names. Writers see and write the entries of their own cases. One setting, on for single
-- statements of the matching, lets tokens be read across teams: they open nothing of any case (ADR 0024).
INSERT INTO search_plan (id, bits) VALUES (1, 8) ON CONFLICT DO NOTHING;
GRANT SELECT ON search_plan TO nrm_app;
GRANT SELECT, UPDATE ON search_plan TO nrm_jobs;
GRANT SELECT, INSERT, DELETE ON search_entry, search_token TO nrm_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON search_entry, search_token TO nrm_jobs;
DO $$
DECLARE t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['search_entry', 'search_token']
  LOOP
    EXECUTE format('ALTER TABLE public.%I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('ALTER TABLE public.%I FORCE ROW LEVEL SECURITY', t);
    EXECUTE format('CREATE POLICY timers ON public.%I TO nrm_jobs USING (true) WITH CHECK (true)', t);
    EXECUTE format('CREATE POLICY seen ON public.%I FOR SELECT TO nrm_app
      USING (case_id = ANY ((SELECT nrm.my_cases())::uuid[]))', t);
    EXECUTE format('CREATE POLICY matched ON public.%I FOR SELECT TO nrm_app
      USING ((SELECT current_setting(''nrm.matching'', true)) = ''on''
        AND NOT case_id = ANY ((SELECT nrm.barred_cases())::uuid[]))', t);
    EXECUTE format('CREATE POLICY written ON public.%I FOR INSERT TO nrm_app
      WITH CHECK (case_id = ANY ((SELECT nrm.my_cases())::uuid[]))', t);
    EXECUTE format('CREATE POLICY forgotten ON public.%I FOR DELETE TO nrm_app
      USING (case_id = ANY ((SELECT nrm.my_cases())::uuid[]))', t);
  END LOOP;
END $$;
GRANT SELECT, INSERT ON asking TO nrm_app;
GRANT SELECT, DELETE ON asking TO nrm_jobs;

-- Whether somebody else knows the person. A request reaches the team of the other case and nobody else; whoever asked
-- sees only who is ready to talk.
GRANT SELECT, INSERT, UPDATE ON known_check, contact_request, merge TO nrm_app;
GRANT SELECT, INSERT ON contact_answer TO nrm_app;
DO $$
DECLARE t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['known_check', 'contact_request', 'contact_answer', 'merge']
  LOOP
    EXECUTE format('ALTER TABLE public.%I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('ALTER TABLE public.%I FORCE ROW LEVEL SECURITY', t);
  END LOOP;
END $$;
CREATE POLICY mine ON known_check TO nrm_app USING (user_id = (SELECT nrm.context_user())
  AND case_id = ANY ((SELECT nrm.my_cases())::uuid[]));
CREATE POLICY seen ON contact_request FOR SELECT TO nrm_app USING (case_id = ANY ((SELECT nrm.my_cases())::uuid[]));
CREATE POLICY asked ON contact_request FOR INSERT TO nrm_app WITH CHECK (asked_by = (SELECT nrm.context_user()));
CREATE POLICY answered ON contact_request FOR UPDATE TO nrm_app USING (case_id = ANY ((SELECT nrm.my_cases())::uuid[]));
CREATE POLICY seen ON contact_answer FOR SELECT TO nrm_app USING (check_id IN (SELECT id FROM known_check));
CREATE POLICY said ON contact_answer FOR INSERT TO nrm_app WITH CHECK (user_id = (SELECT nrm.context_user())
  AND check_id IN (SELECT r.check_id FROM contact_request AS r));
-- Two cases of one person: who is on the team of both may say so.
CREATE POLICY seen ON merge FOR SELECT TO nrm_app USING (kept_id = ANY ((SELECT nrm.my_cases())::uuid[])
  AND other_id = ANY ((SELECT nrm.my_cases())::uuid[]));
CREATE POLICY proposed ON merge FOR INSERT TO nrm_app WITH CHECK (proposed_by = (SELECT nrm.context_user())
  AND kept_id = ANY ((SELECT nrm.my_cases())::uuid[]) AND other_id = ANY ((SELECT nrm.my_cases())::uuid[]));
CREATE POLICY changed ON merge FOR UPDATE TO nrm_app USING (kept_id = ANY ((SELECT nrm.my_cases())::uuid[])
  AND other_id = ANY ((SELECT nrm.my_cases())::uuid[]));

-- Questions about accesses: the supervisor of the organisation asks and closes, whoever is asked answers.
GRANT SELECT, INSERT, UPDATE ON access_question TO nrm_app;
GRANT SELECT, INSERT ON quota_lift, role_review TO nrm_app;
GRANT SELECT ON role_review TO nrm_jobs;
DO $$
DECLARE t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['access_question', 'quota_lift', 'role_review']
  LOOP
    EXECUTE format('ALTER TABLE public.%I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('ALTER TABLE public.%I FORCE ROW LEVEL SECURITY', t);
  END LOOP;
END $$;
CREATE POLICY supervised ON access_question TO nrm_app USING ((SELECT nrm.context_role()) = 'SUP'
  AND organisation_id = (SELECT nrm.context_organisation()));
CREATE POLICY mine ON access_question FOR SELECT TO nrm_app USING (user_id = (SELECT nrm.context_user()));
CREATE POLICY answered ON access_question FOR UPDATE TO nrm_app USING (user_id = (SELECT nrm.context_user()));
-- What a supervisor lifted reaches whoever it was lifted for; who confirmed a role, those who review and the timers.
CREATE POLICY mine ON quota_lift FOR SELECT TO nrm_app USING (user_id = (SELECT nrm.context_user()));
CREATE POLICY lifted ON quota_lift FOR INSERT TO nrm_app WITH CHECK ((SELECT nrm.context_role()) = 'SUP'
  AND given_by = (SELECT nrm.context_user()) AND user_id <> given_by);
CREATE POLICY reviewed ON role_review FOR SELECT TO nrm_app USING ((SELECT nrm.context_role()) IN ('SUP', 'ADM'));
CREATE POLICY confirmed ON role_review FOR INSERT TO nrm_app WITH CHECK ((SELECT nrm.context_role()) IN ('SUP', 'ADM')
  AND confirmed_by = (SELECT nrm.context_user()) AND user_id <> confirmed_by);
CREATE POLICY timers ON role_review FOR SELECT TO nrm_jobs USING (true);
-- A role that nobody confirmed rests: the timers close the account and end its sessions, and can do nothing else to it.
GRANT UPDATE (disabled_at, stamp) ON user_account TO nrm_jobs;
GRANT UPDATE (ended_at, stamp) ON sign_in_session TO nrm_jobs;

-- Conflicts of interest: whoever works on the case records one; who is barred reads that row alone, so that the program,
-- too, knows whom it refuses and why, and shows them nothing of it.
GRANT SELECT, INSERT, UPDATE ON barring TO nrm_app;
ALTER TABLE barring ENABLE ROW LEVEL SECURITY;
ALTER TABLE barring FORCE ROW LEVEL SECURITY;
CREATE POLICY seen ON barring FOR SELECT TO nrm_app USING (case_id = ANY ((SELECT nrm.my_cases())::uuid[]));
CREATE POLICY mine ON barring FOR SELECT TO nrm_app USING (user_id = (SELECT nrm.context_user())
  OR organisation_id = (SELECT nrm.context_organisation()));
CREATE POLICY recorded ON barring FOR INSERT TO nrm_app WITH CHECK (declared_by = (SELECT nrm.context_user())
  AND (user_id = declared_by OR case_id = ANY ((SELECT nrm.my_cases())::uuid[])));
CREATE POLICY changed ON barring FOR UPDATE TO nrm_app USING (case_id = ANY ((SELECT nrm.my_cases())::uuid[]));
GRANT SELECT ON barring TO nrm_jobs;
CREATE POLICY timers ON barring FOR SELECT TO nrm_jobs USING (true);
