-- Who asks, as the transaction was told; an empty context is nobody.

CREATE FUNCTION nrm.context_user() RETURNS uuid LANGUAGE sql STABLE SET search_path = pg_catalog
  AS $$ SELECT nullif(current_setting('nrm.user', true), '')::uuid $$;
CREATE FUNCTION nrm.context_role() RETURNS text LANGUAGE sql STABLE SET search_path = pg_catalog
  AS $$ SELECT nullif(current_setting('nrm.role', true), '') $$;
CREATE FUNCTION nrm.context_organisation() RETURNS uuid LANGUAGE sql STABLE SET search_path = pg_catalog
  AS $$ SELECT nullif(current_setting('nrm.organisation', true), '')::uuid $$;
CREATE FUNCTION nrm.context_now() RETURNS timestamptz LANGUAGE sql STABLE SET search_path = pg_catalog
  AS $$ SELECT coalesce(nullif(current_setting('nrm.now', true), '')::timestamptz, now()) $$;
-- The case in which this transaction ended somebody's tie: what follows from a step is still done, whoever took it.
CREATE FUNCTION nrm.context_case() RETURNS uuid LANGUAGE sql STABLE SET search_path = pg_catalog
  AS $$ SELECT nullif(current_setting('nrm.case', true), '')::uuid $$;
