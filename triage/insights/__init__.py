"""The figures of the house: what became of each paper and case, counted by day, and what the counts say."""
