-- Where an office has no supervisor, the auditor asks why somebody opened a case, and never about one that is kept from them.
CREATE POLICY stood_in ON public.access_question TO nrm_app USING ((SELECT nrm.context_role()) = 'AUD'
  AND NOT case_id = ANY ((SELECT nrm.barred_cases())::uuid[])
  AND NOT EXISTS (SELECT FROM public.user_account AS u WHERE u.organisation_id = access_question.organisation_id
    AND u.role = 'SUP' AND u.disabled_at IS NULL));
-- Of which role something was awaited in those cases, and when: what explains an access, and not which clock or notice it was.
CREATE FUNCTION nrm.awaited(asked uuid[]) RETURNS TABLE (
    case_id uuid, is_clock boolean, role text, organisation_id uuid, from_at timestamptz, until_at timestamptz)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
  SELECT found.* FROM (
    SELECT d.case_id, true, d.responsible, NULL::uuid, d.starts_at, d.ended_at FROM public.deadline AS d
      WHERE d.case_id = ANY (asked)
    UNION ALL
    SELECT n.case_id, false, n.role, n.organisation_id, n.at, n.done_at FROM public.notice AS n
      WHERE n.case_id = ANY (asked)) AS found (case_id)
  WHERE nrm.context_role() = 'AUD' AND NOT found.case_id = ANY ((SELECT nrm.barred_cases())::uuid[]) $$;
GRANT CREATE ON SCHEMA nrm TO nrm_policy;
ALTER FUNCTION nrm.awaited(uuid[]) OWNER TO nrm_policy;
REVOKE CREATE ON SCHEMA nrm FROM nrm_policy;
REVOKE ALL ON FUNCTION nrm.awaited(uuid[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION nrm.awaited(uuid[]) TO nrm_app;
-- A supervisor who is barred from a case does not see either what their own people did there.
ALTER POLICY audited ON ledger.event USING (
  (case_id IS NULL OR NOT case_id = ANY ((SELECT nrm.barred_cases())::uuid[]))
  AND ((SELECT nrm.context_role()) IN ('AUD', 'DPO')
    OR ((SELECT nrm.context_role()) = 'SUP'
        AND (organisation_id = (SELECT nrm.context_organisation())
             OR (act = 'grant' AND (body::jsonb ->> 'recipient')::uuid = (SELECT nrm.context_organisation()))
             OR case_id = ANY ((SELECT nrm.cases_of_my_organisation())::uuid[])))));
