"""Says what data a PDF carries that are not read: an order's, which an invoice's reader would misunderstand."""

from core.documents import Remark
from extraction import pdf
from extraction.limits import ReadLimits
from extraction.structured import ORDER_DATA, is_order_root


def unread_data(data: bytes, limits: ReadLimits) -> tuple[Remark, ...]:
    """A remark where there is Order-X inside; its pages are read instead.

    Raises:
        InputError: the PDF cannot be opened.
    """
    with pdf.open_pdf(data, limits) as document:
        names = [name for name, content in pdf.attachments(document) if is_order_root(content)]
    if not names:
        return ()
    message = (
        f"The file carries an order's data (Order-X, {names[0][:60]}), which are not read; its pages were. "
        "Ask for the invoice's own data if this is an invoice."
    )
    return (Remark(code=ORDER_DATA, outcome="hold", message=message),)
