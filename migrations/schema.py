"""Every room's tables in one `MetaData`: what the migrations must lead to."""

import core.tables
import ingest.tables
import review_api.tables
import triage.desk_tables
import triage.label_tables
import triage.memory_tables
import triage.policy_draft_tables
import triage.prediction_tables
import triage.tables
from core.columns import metadata

__all__ = ["core", "ingest", "metadata", "review_api", "triage"]
