"""Answers of the service, read member by member; members that are not known here are let through."""

from collections.abc import Sequence
from datetime import datetime

from zheng_verifier.canonical import JsonObject, JsonValue
from zheng_verifier.encoding import parse_time
from zheng_verifier.errors import EvidenceError

from zheng_client.errors import UnprovenError


class Answer:
    """A JSON object of an answer; each method gives a member of one type.

    All raise ``UnprovenError`` where the member is missing or of another type.
    """

    def __init__(self, value: JsonValue) -> None:
        if not isinstance(value, dict):
            raise UnprovenError("an answer is not an object")
        self.value: JsonObject = value

    def text(self, name: str) -> str:
        """Give a text."""
        found = self.value.get(name)
        if not isinstance(found, str):
            raise UnprovenError(f"an answer has no text '{name}'")
        return found

    def optional_text(self, name: str) -> str | None:
        """Give a text, or None where it is left out."""
        return self.text(name) if name in self.value else None

    def integer(self, name: str) -> int:
        """Give a whole number."""
        found = self.value.get(name)
        if not isinstance(found, int) or isinstance(found, bool):
            raise UnprovenError(f"an answer has no number '{name}'")
        return found

    def boolean(self, name: str) -> bool:
        """Give true or false."""
        found = self.value.get(name)
        if not isinstance(found, bool):
            raise UnprovenError(f"an answer has no '{name}' that is true or false")
        return found

    def time(self, name: str) -> datetime:
        """Give a time."""
        try:
            return parse_time(self.text(name), name)
        except EvidenceError as error:
            raise UnprovenError(f"'{name}' of an answer is not a time") from error

    def object(self, name: str) -> "Answer":
        """Give an object."""
        found = self.value.get(name)
        if not isinstance(found, dict):
            raise UnprovenError(f"an answer has no object '{name}'")
        return Answer(found)

    def optional_object(self, name: str) -> "Answer | None":
        """Give an object, or None where it is left out."""
        return self.object(name) if name in self.value else None

    def objects(self, name: str) -> Sequence["Answer"]:
        """Give a list of objects."""
        found = self.value.get(name)
        if not isinstance(found, list):
            raise UnprovenError(f"an answer has no list '{name}'")
        return [Answer(each) for each in found]

    def texts(self, name: str) -> tuple[str, ...]:
        """Give a list of texts; one that is left out is empty."""
        found = self.value.get(name, [])
        if not isinstance(found, list) or not all(isinstance(each, str) for each in found):
            raise UnprovenError(f"'{name}' of an answer is not a list of texts")
        return tuple(str(each) for each in found)
