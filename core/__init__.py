"""What every room needs and none owns: records, money, ids, clock, errors, settings, database, audit."""
