"""Item models and view-models: what panels show, without a widget."""
