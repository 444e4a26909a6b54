"""Writes output.txt, with a text that is known only by running this script."""

KEY = bytes.fromhex("@KEY@")
CODE = bytes.fromhex("@CODE@")

TEXT = bytes(code ^ KEY[at % len(KEY)] for at, code in enumerate(CODE))

with open("output.txt", "wb") as output:
    output.write(TEXT)
