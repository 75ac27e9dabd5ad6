"""Windows, docks, dialogs, actions and theme: everything that draws. Lives on the GUI thread."""
