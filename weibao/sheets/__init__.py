"""Spreadsheets in and out: what the columns are, how a file is read, and how one is written."""
