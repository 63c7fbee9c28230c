"""Sends a mail that lies in a file through a mail server, for machines without `sendmail`.

python send.py SERVER[:PORT] MAIL.eml
"""

from __future__ import annotations

import smtplib
import sys
from email import message_from_bytes
from pathlib import Path


def main(server: str, path: str) -> None:
    """Sends the mail to whom its `To` names; ends with a sentence where that fails."""
    try:
        with smtplib.SMTP(server, timeout=60) as connection:
            connection.send_message(message_from_bytes(Path(path).read_bytes()))
    except (OSError, smtplib.SMTPException) as failure:
        sys.exit(f"error: {path} could not be sent through {server}: {failure}")


if __name__ == "__main__":
    main(*sys.argv[1:])
