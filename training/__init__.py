"""Batch runs: training, evaluation against baselines, and the generator of labelled documents and demo retailers."""
