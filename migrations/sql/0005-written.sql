-- What is written is noted: a digest of each row before and after, by triggers, in a table that nobody may write to. With
-- each act the service writes the sum of its notes on the ledger, under a mark that only it can draw (ADR 0045).

CREATE FUNCTION ledger.keep() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
  -- Which act this transaction is, and how many notes it has: its own, which no other connection can set.
  said text[] := string_to_array(nullif(current_setting('nrm.act', true), ''), ' ');
  noted bigint;
BEGIN
  IF said IS NULL THEN
    said := ARRAY[nextval('ledger.written_id_seq')::text, '0'];
  END IF;
  IF TG_OP = 'INSERT' THEN
    INSERT INTO ledger.written (act, of_table, row_id, became)
      SELECT said[1]::bigint, TG_TABLE_NAME, n.id, sha256(convert_to(jsonb_strip_nulls(to_jsonb(n))::text, 'UTF8'))
      FROM entered AS n;
  ELSIF TG_OP = 'DELETE' THEN
    INSERT INTO ledger.written (act, of_table, row_id, was)
      SELECT said[1]::bigint, TG_TABLE_NAME, o.id, sha256(convert_to(jsonb_strip_nulls(to_jsonb(o))::text, 'UTF8'))
      FROM left_behind AS o;
  ELSE
    INSERT INTO ledger.written (act, of_table, row_id, was, became)
      SELECT said[1]::bigint, TG_TABLE_NAME, id, was, became FROM (
        SELECT n.id, sha256(convert_to(jsonb_strip_nulls(to_jsonb(o))::text, 'UTF8')) AS was,
          sha256(convert_to(jsonb_strip_nulls(to_jsonb(n))::text, 'UTF8')) AS became
        FROM entered AS n JOIN left_behind AS o USING (id)) AS changed
      WHERE was <> became;
  END IF;
  GET DIAGNOSTICS noted = ROW_COUNT;
  IF noted > 0 THEN
    PERFORM set_config('nrm.act', said[1] || ' ' || (said[2]::bigint + noted), true);
  END IF;
  RETURN NULL;
END $$;

-- What this transaction wrote so far, in one digest. Whoever slipped a note of theirs among its own is refused.
CREATE FUNCTION nrm.written() RETURNS TABLE (act bigint, notes bigint, digest bytea) LANGUAGE plpgsql STABLE
  SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
  said text[] := string_to_array(nullif(current_setting('nrm.act', true), ''), ' ');
BEGIN
  IF said IS NULL THEN
    RETURN;
  END IF;
  RETURN QUERY SELECT s.act, s.notes, s.digest FROM ledger.summed(said[1]::bigint, said[1]::bigint) AS s;
  IF (SELECT count(*) FROM ledger.written AS w WHERE w.id > said[1]::bigint AND w.act = said[1]::bigint) <> said[2]::bigint THEN
    RAISE EXCEPTION 'somebody else wrote into the notes of this act';
  END IF;
END $$;

-- The sum of the notes of each act between two.
CREATE FUNCTION ledger.summed(first bigint, last bigint) RETURNS TABLE (act bigint, notes bigint, digest bytea)
  LANGUAGE sql STABLE SET search_path = pg_catalog AS $$
  SELECT w.act, count(*), sha256(string_agg(record_send(w), ''::bytea ORDER BY w.id))
    FROM ledger.written AS w WHERE w.id > first AND w.act BETWEEN first AND last GROUP BY w.act $$;

-- The rows of these tables that do not stand as they were last noted: as digests, never as what they say.
CREATE FUNCTION nrm.differing(asked text[], most int) RETURNS TABLE (of_table text, row_id uuid, stands bytea, noted bytea)
  LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
  RETURN QUERY EXECUTE format('
    SELECT coalesce(t.name, w.of_table), coalesce(t.id, w.row_id), t.digest, w.became
    FROM (%s) AS t
    FULL JOIN (SELECT DISTINCT ON (n.row_id, n.of_table) n.of_table, n.row_id, n.became FROM ledger.written AS n
      WHERE n.of_table = ANY ($1) ORDER BY n.row_id, n.of_table, n.id DESC) AS w ON w.row_id = t.id AND w.of_table = t.name
    WHERE t.digest IS DISTINCT FROM w.became ORDER BY 1, 2 LIMIT $2',
    (SELECT string_agg(format('SELECT %L::text AS name, r.id, sha256(convert_to(jsonb_strip_nulls(to_jsonb(r))::text,
      ''UTF8'')) AS digest FROM public.%I AS r', each, each), ' UNION ALL ') FROM unnest(asked) AS each))
    USING asked, most;
END $$;

-- Note the rows of these tables as they stand now: an act of whoever says that they are right, and so on the ledger.
CREATE FUNCTION nrm.note_as_it_stands(asked text[]) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = pg_catalog AS $$
DECLARE
  said text[] := string_to_array(nullif(current_setting('nrm.act', true), ''), ' ');
  noted bigint;
BEGIN
  IF said IS NULL THEN
    said := ARRAY[nextval('ledger.written_id_seq')::text, '0'];
  END IF;
  INSERT INTO ledger.written (act, of_table, row_id, was, became)
    SELECT said[1]::bigint, d.of_table, d.row_id, d.noted, d.stands FROM nrm.differing(asked, NULL) AS d;
  GET DIAGNOSTICS noted = ROW_COUNT;
  IF noted > 0 THEN
    PERFORM set_config('nrm.act', said[1] || ' ' || (said[2]::bigint + noted), true);
  END IF;
  RETURN noted;
END $$;

GRANT USAGE ON SCHEMA ledger TO nrm_policy;
GRANT SELECT, INSERT ON ledger.written TO nrm_policy;
GRANT USAGE ON SEQUENCE ledger.written_id_seq TO nrm_policy;
GRANT CREATE ON SCHEMA ledger, nrm TO nrm_policy;
ALTER FUNCTION ledger.keep() OWNER TO nrm_policy;
ALTER FUNCTION nrm.written() OWNER TO nrm_policy;
ALTER FUNCTION nrm.differing(text[], int) OWNER TO nrm_policy;
ALTER FUNCTION nrm.note_as_it_stands(text[]) OWNER TO nrm_policy;
REVOKE CREATE ON SCHEMA ledger, nrm FROM nrm_policy;
REVOKE ALL ON FUNCTION ledger.keep(), ledger.summed(bigint, bigint), nrm.written(), nrm.differing(text[], int),
  nrm.note_as_it_stands(text[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION ledger.summed(bigint, bigint) TO nrm_policy, nrm_jobs;
GRANT USAGE ON SCHEMA nrm TO nrm_send;
GRANT EXECUTE ON FUNCTION nrm.written() TO nrm_app, nrm_jobs, nrm_send, CURRENT_USER;  -- the owner seals anew
GRANT EXECUTE ON FUNCTION nrm.differing(text[], int), nrm.note_as_it_stands(text[]) TO nrm_jobs;
GRANT SELECT ON ledger.written TO nrm_jobs;

DO $$
DECLARE t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['access_question', 'api_client', 'barring', 'case', 'contact_answer', 'contact_request', 'deadline',
    'invitation', 'known_check', 'merge', 'notice', 'oidc_link', 'organisation', 'part', 'passkey', 'person', 'quota_lift',
    'recovery', 'role_review', 'share', 'shelter', 'shelter_place', 'shelter_stay', 'step', 'team_member', 'track',
    'user_account']
  LOOP
    EXECUTE format('CREATE TRIGGER kept_new AFTER INSERT ON public.%I REFERENCING NEW TABLE AS entered
      FOR EACH STATEMENT EXECUTE FUNCTION ledger.keep()', t);
    EXECUTE format('CREATE TRIGGER kept_changed AFTER UPDATE ON public.%I REFERENCING NEW TABLE AS entered OLD TABLE AS left_behind
      FOR EACH STATEMENT EXECUTE FUNCTION ledger.keep()', t);
    EXECUTE format('CREATE TRIGGER kept_gone AFTER DELETE ON public.%I REFERENCING OLD TABLE AS left_behind
      FOR EACH STATEMENT EXECUTE FUNCTION ledger.keep()', t);
    EXECUTE format('GRANT SELECT ON public.%I TO nrm_policy', t);
    IF (SELECT relrowsecurity FROM pg_class WHERE oid = format('public.%I', t)::regclass) THEN
      EXECUTE format('CREATE POLICY kept ON public.%I FOR SELECT TO nrm_policy USING (true)', t);
    END IF;
  END LOOP;
END $$;

-- Events that say what was written name nobody, and are needed as long as a row stands; those of a case under a legal
-- hold stay like its keys. Whoever erases old texts leaves both.
CREATE FUNCTION nrm.held_cases() RETURNS SETOF uuid LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog
  AS $$ BEGIN RETURN QUERY SELECT h.case_id FROM keys.hold AS h WHERE h.ended_at IS NULL; END $$;
GRANT CREATE ON SCHEMA nrm TO nrm_policy;
ALTER FUNCTION nrm.held_cases() OWNER TO nrm_policy;
REVOKE CREATE ON SCHEMA nrm FROM nrm_policy;
GRANT USAGE ON SCHEMA keys TO nrm_policy;
GRANT SELECT (case_id, ended_at) ON keys.hold TO nrm_policy;
REVOKE ALL ON FUNCTION nrm.held_cases() FROM PUBLIC;
GRANT USAGE ON SCHEMA nrm TO nrm_retain;
GRANT EXECUTE ON FUNCTION nrm.held_cases() TO nrm_retain;
CREATE POLICY spared ON ledger.event AS RESTRICTIVE FOR DELETE TO nrm_retain USING (
  act <> 'write' AND (case_id IS NULL OR NOT case_id = ANY (ARRAY(SELECT nrm.held_cases()))));
