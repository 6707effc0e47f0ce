"""What shows how Clearhold is used: feeds and papers to try, and a client to start from."""
