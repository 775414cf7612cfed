"""People who use the service, their organisations, passkeys, sessions and invitations."""
