"""Every room's tables in one `MetaData`: what the migrations must lead to."""

import review_api.tables

import core.tables
import ingest.tables
import triage.tables
from core.columns import metadata

__all__ = ["core", "ingest", "metadata", "review_api", "triage"]
