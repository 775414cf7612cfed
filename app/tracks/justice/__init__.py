"""Justice: proceedings, protection of witnesses, compensation, a lawyer, inspections, and no punishment."""
