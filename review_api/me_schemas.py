"""The shapes of who is asking."""

from pydantic import BaseModel, ConfigDict, Field


class MeOut(BaseModel):
    """Who is asking."""

    name: str
    role: str | None = Field(description="a person's role; none for a program's key")
    language: str | None = Field(description="the language they chose; none: as their browser prefers")


class LanguageIn(BaseModel):
    """The language somebody wants."""

    model_config = ConfigDict(extra="forbid")

    language: str = Field(max_length=16, examples=["de"])
