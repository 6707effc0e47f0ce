"""The predictive models at serving time: features, bundles, predict, explain. Empty until their issue is built."""
