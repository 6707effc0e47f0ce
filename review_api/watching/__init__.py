"""What an operator sees of the running service: metrics, readiness, logs and traces."""
