"""The shapes of what belongs to deciding a case: questions, letters, files, reasons."""

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field


class _Out(BaseModel):
    model_config = ConfigDict(from_attributes=True)


class AnswerIn(BaseModel):
    """What was answered."""

    model_config = ConfigDict(extra="forbid")

    text: Annotated[str, Field(max_length=4_000)]


class QuestionOut(_Out):
    """A question about a case, and what became of it."""

    question_id: str
    reason_code: str
    whom: str
    text: str
    asked_by: str
    asked_at: datetime
    until: datetime
    ended: str | None = Field(description="answered, taken_back, overdue, overtaken; null while it is open")
    ended_at: datetime | None
    ended_by: str | None
    answer: str | None


class LetterOut(_Out):
    """What may be sent; nothing is sent from here."""

    subject: str
    text: str
    by_phone_only: bool = Field(description="it is about an account: ask on a number you know, not by this letter")


class AttachmentOut(_Out):
    """A file put with a case."""

    attachment_id: str
    case_id: str
    at: datetime
    author: str
    file_name: str
    media_type: str = Field(description="what its bytes are, whatever it is called")
    size_bytes: int
    sha256: str


class ReasonOut(_Out):
    """A reason that may be given for a case."""

    code: str
    sentence: str
