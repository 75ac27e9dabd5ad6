"""The one place that builds and wires everything, and takes it down again."""
