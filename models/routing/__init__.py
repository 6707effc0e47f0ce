"""Which team should get a case: a few candidates from what became of cases like it, scored again by trees."""
