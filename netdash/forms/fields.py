"""Fields for what networks are made of: addresses, names, pairs."""

from __future__ import annotations

import ipaddress
import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from netdash.topology.snapshot import Pairs

MOST_TEXT = 10_000
MOST_WRONG = 10
MAC = re.compile(r"[0-9a-fA-F]{2}([:-][0-9a-fA-F]{2}){5}")
DNS_NAME = re.compile(r"[a-zA-Z0-9_]([a-zA-Z0-9_.-]{0,61}[a-zA-Z0-9_])?")


class LineField(forms.CharField):
    """One line of text; control characters are refused by name."""

    def __init__(self, *, max_length: int = 255, **options: Any) -> None:
        options.setdefault("required", False)
        super().__init__(max_length=max_length, **options)

    def to_python(self, value: Any) -> Any:
        """Refuse line breaks and control characters inside the line."""
        text = super().to_python(value)
        if any(ord(character) < 32 or ord(character) == 127 for character in text or ""):
            raise ValidationError("Write one line without control characters.", code="control")
        return text


class AddressField(LineField):
    """An address of one family or (without a version) of either; empty lets the engine choose."""

    def __init__(self, *, version: int | None = None, **options: Any) -> None:
        self.version = version
        super().__init__(max_length=64, **options)

    def to_python(self, value: Any) -> str:
        """Read an address and write it in its usual form."""
        text = super().to_python(value)
        if not text:
            return ""
        try:
            address = ipaddress.ip_address(text)
        except ValueError:
            example = "fd00::10" if self.version == 6 else "172.20.0.10"
            kind = f"IPv{self.version}" if self.version else "IP"
            raise ValidationError(
                f"{text} is no {kind} address; write one such as {example}.", code="address"
            ) from None
        if self.version and address.version != self.version:
            raise ValidationError(f"{text} is no IPv{self.version} address.", code="family")
        if "%" in text:
            raise ValidationError("Write the address without its zone (%).", code="zone")
        return str(address)


class BlockField(LineField):
    """A subnet or range in CIDR form, with no bits set behind the prefix."""

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=64, **options)

    def to_python(self, value: Any) -> str:
        """Read a block strictly; say which block was probably meant."""
        text = super().to_python(value)
        if not text:
            return ""
        try:
            block = ipaddress.ip_network(text, strict=False)
        except ValueError:
            raise ValidationError(
                f"{text} is no subnet; write one such as 172.20.0.0/24.", code="block"
            ) from None
        if "%" in text:
            raise ValidationError("Write the subnet without its zone (%).", code="zone")
        if "/" not in text:
            raise ValidationError(
                f"Say how large the subnet is: {text}/24, for example.", code="prefix"
            )
        if block.network_address != ipaddress.ip_address(text.partition("/")[0]):
            raise ValidationError(
                f"{text} is an address inside a subnet; the subnet is {block}.", code="host-bits"
            )
        return str(block)


class MacField(LineField):
    """A MAC address; empty lets the engine choose."""

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=17, **options)

    def to_python(self, value: Any) -> str:
        """Read six bytes and write them with colons."""
        text = super().to_python(value)
        if text and not MAC.fullmatch(text):
            raise ValidationError(
                f"{text} is no MAC address; write one such as 02:42:ac:14:00:0a.", code="mac"
            )
        return text.replace("-", ":").lower() if text else ""


class NamesField(LineField):
    """Names separated by commas or spaces, as a tuple in the order given."""

    def to_python(self, value: Any) -> tuple[str, ...]:  # type: ignore[override]
        """Read the names; each must be one a resolver can be asked for."""
        text = super().to_python(value)
        names = tuple(dict.fromkeys(re.split(r"[\s,]+", text or "")))
        for name in names:
            if name and not DNS_NAME.fullmatch(name):
                raise ValidationError(
                    f"{name} cannot be a name: letters, digits, dots, dashes and underscores, "
                    "63 at most.",
                    code="name",
                )
        return tuple(name for name in names if name)


class PairsField(forms.CharField):
    """``key=value`` lines as sorted pairs."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("required", False)
        options.setdefault("widget", forms.Textarea(attrs={"rows": 2, "spellcheck": "false"}))
        super().__init__(max_length=MOST_TEXT, **options)

    def to_python(self, value: Any) -> Pairs:  # type: ignore[override]
        """Read one pair a line; a key alone has an empty value. Says all that is wrong."""
        text = super().to_python(value) or ""
        pairs: dict[str, str] = {}
        wrong = []
        for number, line in enumerate(text.splitlines(), 1):
            key, _, found = line.partition("=")
            if not line.strip():
                continue
            if not key.strip():
                wrong.append(f"Line {number} has no key before the =.")
            elif key.strip() in pairs:
                wrong.append(f"Line {number} repeats {key.strip()}.")
            pairs[key.strip()] = found.strip()
        if wrong:
            rest = len(wrong) - MOST_WRONG
            raise ValidationError(wrong[:MOST_WRONG] + [f"And {rest} more."] * (rest > 0))
        return tuple(sorted(pairs.items()))


class NoteField(forms.CharField):
    """Why somebody does it, for the journal."""

    def __init__(self) -> None:
        super().__init__(
            required=False,
            max_length=500,
            label="Note",
            help_text="Optional: why. It stands in the journal.",
            widget=forms.TextInput(attrs={"placeholder": "why, for the journal"}),
        )


def write_pairs(pairs: Pairs) -> str:
    """Write pairs as lines that PairsField reads back."""
    return "\n".join(f"{key}={value}" for key, value in pairs)
