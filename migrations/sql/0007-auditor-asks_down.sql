DROP FUNCTION nrm.awaited(uuid[]);
DROP POLICY stood_in ON public.access_question;
ALTER POLICY audited ON ledger.event USING (
  ((SELECT nrm.context_role()) IN ('AUD', 'DPO')
    AND (case_id IS NULL OR NOT case_id = ANY ((SELECT nrm.barred_cases())::uuid[])))
  OR ((SELECT nrm.context_role()) = 'SUP'
      AND (organisation_id = (SELECT nrm.context_organisation())
           OR (act = 'grant' AND (body::jsonb ->> 'recipient')::uuid = (SELECT nrm.context_organisation()))
           OR case_id = ANY ((SELECT nrm.cases_of_my_organisation())::uuid[]))));
