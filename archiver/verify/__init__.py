"""Looks for what is wrong: `bundle` in a file of evidence, `archive` in an archive. Findings are
sentences; none means that all is well.
"""
