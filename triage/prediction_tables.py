"""Tables of what models said and of what was decided about orders, demand and recommendations.

Only their repositories import them.
"""

from sqlalchemy import Column, Float, Index, Integer, String, Table, Text, UniqueConstraint

from core.columns import CanonicalJson, UtcInstant, metadata

predictions = Table(
    "predictions",
    metadata,
    Column("name", String(20), primary_key=True),
    Column("subject", String(200), primary_key=True),
    Column("model", String(60), primary_key=True),
    Column("predicted_at", UtcInstant, primary_key=True),
    Column("score", Float, nullable=False),
    Column("features_hash", String(64), nullable=False),
    Column("features", CanonicalJson),
    Column("label", Float),
    Column("labelled_at", UtcInstant),
    Index("ix_predictions_name_predicted_at", "name", "predicted_at"),
)

planning_decisions = Table(
    "planning_decisions",
    metadata,
    Column("decision_id", String(40), primary_key=True),
    Column("subject", String(200), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("run", Integer, nullable=False),
    Column("outcome", String(10), nullable=False),
    Column("findings", Text, nullable=False),
    Column("inputs_hash", String(64), nullable=False),
    Column("facts", Text, nullable=False),
    Column("prediction", Text),
    Column("advice", CanonicalJson),
    Column("policy_hash", String(64), nullable=False),
    Column("rules_version", String(40), nullable=False),
    Column("models", CanonicalJson, nullable=False),
    Column("decided_at", UtcInstant, nullable=False),
    Column("decided_by", String(200), nullable=False),
    UniqueConstraint("subject", "run"),
)
