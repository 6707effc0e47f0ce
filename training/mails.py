"""Wraps a paper in the e-mail a supplier would send it with."""

from datetime import UTC, datetime, time
from email import policy
from email.message import EmailMessage
from email.utils import format_datetime

from training.papers import Paper

_BOUNDARY = "=_clearhold_demo_part"


def write_mail(paper: Paper, file_name: str, attachment: bytes) -> bytes:
    """An e-mail with one PDF attached; the boundary and date are fixed, so the same paper gives the same bytes."""
    message = EmailMessage(policy=policy.SMTP)
    message["From"] = paper.seller.email or "office@supplier.example"
    message["To"] = paper.buyer.email or "ap@retailer.example"
    message["Subject"] = f"{paper.seller.name}: {paper.number}"
    message["Date"] = format_datetime(datetime.combine(paper.issue_date, time(9, 15), tzinfo=UTC))
    message["Message-ID"] = f"<{paper.number}@{(paper.seller.email or 'x@supplier.example').partition('@')[2]}>"
    message.set_content(f"{paper.number}\n\n{paper.seller.name}\n")
    message.add_attachment(attachment, maintype="application", subtype="pdf", filename=file_name)
    message.set_boundary(_BOUNDARY)
    return message.as_bytes()
