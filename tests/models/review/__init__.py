"""Review: which invoices a person will probably change or dispute."""
