"""National referral mechanism: one place to work on the case of a presumed victim of trafficking."""
