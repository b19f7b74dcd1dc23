"""Open zip archives (chat exports, .docx) only when unpacking them is safe.

The sizes in an archive's directory may lie, but `zipfile` never unpacks more of a file
than the directory says, so that checking the directory bounds everything. Called by the
readers of Slack exports and Word files.
"""

import io
import zipfile
import zlib

from bot.corpus.readers.limits import ReadLimits, Unreadable, in_megabytes

# Small files may compress as well as they like.
_RATIO_COUNTS_FROM = 1_000_000
_DAMAGED = "It is no zip archive, or a damaged one. Export or download it again."


def open_archive(data: bytes, limits: ReadLimits) -> zipfile.ZipFile:
    """Return a zip archive whose files are within the limits.

    Raises:
        Unreadable: It is damaged, protected by a password, or would unpack to too much.
    """
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise Unreadable(_DAMAGED) from error
    entries = archive.infolist()
    if len(entries) > limits.max_archive_entries:
        raise Unreadable(
            f"It holds {len(entries):,} files, more than the {limits.max_archive_entries:,} "
            "that are read from one archive. Split it into several."
        )
    total = sum(entry.file_size for entry in entries)
    if total > limits.max_archive_bytes:
        raise Unreadable(
            f"It would unpack to {in_megabytes(total)}, more than the "
            f"{in_megabytes(limits.max_archive_bytes)} that are allowed. Split it into several."
        )
    for entry in entries:
        if entry.flag_bits & 1:
            raise Unreadable("It is protected by a password. Save it without one.")
        allowed = max(entry.compress_size, 1) * limits.max_archive_ratio
        if entry.file_size > max(allowed, _RATIO_COUNTS_FROM):
            raise Unreadable(
                f"The file {entry.filename!r} in it is packed suspiciously small, as in an "
                "archive made to fill a disk. Save it anew from the program it came from."
            )
    return archive


def unpack(archive: zipfile.ZipFile, name: str, limits: ReadLimits) -> bytes:
    """Return the bytes of one file of an archive that `open_archive` gave.

    Raises:
        Unreadable: The file is damaged or larger than ``max_bytes``.
    """
    try:
        size = archive.getinfo(name).file_size
        if size > limits.max_bytes:
            raise Unreadable(
                f"The file {name!r} in it has {in_megabytes(size)}, more than the "
                f"{in_megabytes(limits.max_bytes)} that are allowed. Split it."
            )
        return archive.read(name)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as error:
        raise Unreadable(_DAMAGED) from error
