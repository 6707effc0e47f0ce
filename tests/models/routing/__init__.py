"""Routing: candidate teams and the trees that order them."""
