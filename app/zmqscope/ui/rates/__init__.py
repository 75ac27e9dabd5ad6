"""The live rate plot: panel, plot, legend, export."""
