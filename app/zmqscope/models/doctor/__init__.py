"""Findings, what mends them, and the help behind them."""
