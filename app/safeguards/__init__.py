"""What nobody may go round: the matrix, access, the vault, the ledger, and the unit of work."""
