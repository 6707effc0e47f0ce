"""Tests of the API and the pages."""
