"""Late orders: the training run of `sla-miss`, its baselines, and the trees it exports."""
