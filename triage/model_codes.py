"""The permanent codes of what models ask for beside the controls: a look, never less."""

MODEL_MISSING = "MODEL-MISSING"
MODEL_REVIEW = "MODEL-REVIEW"
MODEL_RISK = "MODEL-RISK"
MODEL_LATE = "MODEL-LATE"
