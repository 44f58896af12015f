"""Bytes of any encoding as UTF-8: byte-order mark first, then UTF-8, then Windows-1252 where UTF-8 fails."""

import codecs
import io
from typing import TYPE_CHECKING, BinaryIO

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

_BLOCK = 1 << 16
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


class Utf8Stream(io.RawIOBase):
    """Reads `raw` as UTF-8 without a byte-order mark; `guessed` tells whether any byte was taken for Windows-1252."""

    def __init__(self, raw: BinaryIO) -> None:
        self._raw = raw
        self._decoder: _Forgiving | codecs.IncrementalDecoder | None = None
        self._ready = b""
        self.guessed = False

    def readable(self) -> bool:
        """Return True."""
        return True

    def readinto(self, buffer: "WriteableBuffer", /) -> int:
        """Fill `buffer` and return how many bytes were put there; 0 at the end."""
        view = memoryview(buffer).cast("B")
        more = True
        while not self._ready and more:
            more = self._advance()
        taken = self._ready[: len(view)]
        view[: len(taken)] = taken
        self._ready = self._ready[len(taken) :]
        return len(taken)

    def close(self) -> None:
        """Close the stream below too."""
        self._raw.close()
        super().close()

    def _advance(self) -> bool:
        block = self._raw.read(_BLOCK)
        if self._decoder is None:
            while block and len(block) < 4 and (more := self._raw.read(4 - len(block))):
                block += more
            self._decoder, length = _decoder_for(block)
            block = block[length:] or self._raw.read(_BLOCK)
        self._ready = self._decoder.decode(block, not block).encode("utf-8", "replace")
        if isinstance(self._decoder, _Forgiving):
            self.guessed = self._decoder.guessed
        return bool(block)


class _Forgiving:
    """Decodes UTF-8 bit by bit; a byte that cannot be UTF-8 is read as Windows-1252."""

    def __init__(self) -> None:
        self._tail = b""
        self.guessed = False

    def decode(self, data: bytes, final: bool = False) -> str:
        data, pieces = self._tail + data, []
        while True:
            try:
                text, used = codecs.utf_8_decode(data, "strict", final)
            except UnicodeDecodeError as err:
                self.guessed = True
                pieces.append(data[: err.start].decode("utf-8"))
                pieces.append(data[err.start : err.end].decode("cp1252", "replace"))
                data = data[err.end :]
            else:
                self._tail = data[used:]
                return "".join([*pieces, text])


def _decoder_for(start: bytes) -> tuple[_Forgiving | codecs.IncrementalDecoder, int]:
    """Return the decoder for a file that begins with `start`, and the length of its byte-order mark."""
    for mark, encoding in _MARKS:
        if start.startswith(mark):
            forgiving = encoding == "utf-8"
            return (_Forgiving() if forgiving else codecs.getincrementaldecoder(encoding)("replace")), len(mark)
    return _Forgiving(), 0
