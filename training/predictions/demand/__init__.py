"""The training run of the demand model: rows from many origins, trees, conformal offsets, and the judging."""
