"""Who looked at what and why: the ledger's pages and its download."""
