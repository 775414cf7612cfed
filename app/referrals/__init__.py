"""How a person comes to us: the referral journey, drafts, the inbox, anonymous notifications."""
