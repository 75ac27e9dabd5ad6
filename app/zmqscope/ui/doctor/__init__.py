"""Findings with their buttons, and the help behind them."""
