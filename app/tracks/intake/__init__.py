"""How a person comes to the mechanism: the referral."""
