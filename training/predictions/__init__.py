"""Training runs of the predictive models: data, backtests, the gate, and what is exported."""
