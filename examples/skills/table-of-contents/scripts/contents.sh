#!/bin/sh
# Prints the table of contents of a Markdown file.
awk '
  /^```/ { inCode = !inCode }
  !inCode && /^###? / {
    indent = /^### / ? "  " : ""
    sub(/^#+ /, "")
    link = tolower($0)
    gsub(/[^a-z0-9 -]/, "", link)
    gsub(/ /, "-", link)
    printf "%s- [%s](#%s)\n", indent, $0, link
  }
' "$1"
