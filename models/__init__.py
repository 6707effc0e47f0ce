"""The predictive models at serving time: one package a model (features, predict, explain), and what they share."""
