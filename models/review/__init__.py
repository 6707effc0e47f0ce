"""Which invoices a person will probably change or dispute, from what became of a supplier's earlier ones."""
