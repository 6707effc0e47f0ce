"""The service's outside: HTTP API, review page, worker and the command `clearhold`; everything is put together here."""
