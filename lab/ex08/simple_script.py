"""Writes output.txt, which the image displays when it runs."""

LINES = [
    "Bonjour depuis la phase de build !",
    "Écrit par Python, lu sans lui.",
]

# The encoding and the line ends are given, so that the file is the same on every machine.
with open("output.txt", "w", encoding="utf-8", newline="\n") as output:
    for line in LINES:
        print(line, file=output)
