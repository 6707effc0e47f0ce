"""How paper is read: bytes to words with boxes, words to fields and lines with confidence and evidence."""
