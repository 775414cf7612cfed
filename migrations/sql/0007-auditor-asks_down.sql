DROP FUNCTION nrm.awaited(uuid[]);
DROP POLICY stood_in ON public.access_question;
